/** Characters that have a meaning of their own in a VCF, as its values spell them. Source: VCFv4.3 §1.2. */
const ENCODED = /%(?:09|0A|0D|25|2C|3A|3B|3D)/g;

/** Text of a VCF as people read it: `p.Ala1%3D` is `p.Ala1=`. For the eye alone: what is kept, compared and exported stays as it came. */
export function percentDecoded(text: string): string {
  return text.replace(ENCODED, decodeURIComponent);
}
