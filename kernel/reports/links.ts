/** A name and where it is described; null when the name has no safe address. */
export interface Link {
  readonly text: string;
  readonly url: string | null;
}

const GENE_SYMBOL = /^[A-Za-z][A-Za-z0-9.-]{0,29}$/;

/** Of dbSNP; null unless the id is `rs` and digits. */
export function snpUrl(rsid: string): string | null {
  return /^rs[1-9]\d{0,11}$/.test(rsid) ? `https://www.ncbi.nlm.nih.gov/snp/${rsid}` : null;
}

/** Of PubMed; null unless the id is digits. */
export function articleUrl(pmid: string): string | null {
  return /^[1-9]\d{0,8}$/.test(pmid) ? `https://pubmed.ncbi.nlm.nih.gov/${pmid}/` : null;
}

/**
 * The genes of one cell, each with its page: of the Human Ageing Genomic Resources for longevity, else a
 * search of NCBI Gene. A cell may name several, parted by `|`, `,` or `;`.
 */
export function geneLinks(cell: string, resource: "hagr" | "ncbi"): readonly Link[] {
  return cell
    .split(/[|,;]/)
    .map((gene) => gene.trim())
    .filter((gene) => gene !== "")
    .map((gene) => ({ text: gene, url: GENE_SYMBOL.test(gene) ? geneUrl(gene, resource) : null }));
}

function geneUrl(gene: string, resource: "hagr" | "ncbi"): string {
  const symbol = encodeURIComponent(gene);
  return resource === "hagr"
    ? `https://genomics.senescence.info/longevity/gene.php?id=${symbol}`
    : `https://www.ncbi.nlm.nih.gov/gene/?term=${symbol}%5Bsym%5D+AND+human%5Borgn%5D`;
}
