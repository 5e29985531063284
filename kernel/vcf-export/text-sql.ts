/**
 * Macros that every record is written with. What would end a field, or be shown as something else than it is, is
 * percent-encoded (VCFv4.3 §1.2): delimiters and white space by themselves, and a text with control or formatting
 * characters whole but for its letters and digits.
 */
export const TEXT_MACROS = `
  create macro has_hidden(x) as regexp_matches(x, '[\\p{Cc}\\p{Cf}\\x{2028}\\x{2029}]');
  create macro own_text(x) as case
    when not regexp_matches(x, '[\\s;=\\p{Cc}\\p{Cf}\\x{2028}\\x{2029}]') then x
    when has_hidden(x) then url_encode(x)
    else replace(replace(replace(x, ' ', '%20'), ';', '%3B'), '=', '%3D') end;
  create macro added_text(x) as case
    when not regexp_matches(x, '[\\s;=,%\\p{Cc}\\p{Cf}\\x{2028}\\x{2029}]') then x
    when has_hidden(x) then url_encode(x)
    else replace(replace(replace(replace(replace(x, '%', '%25'), ' ', '%20'), ';', '%3B'), '=', '%3D'), ',', '%2C') end;
  create macro word(x) as case
    when regexp_matches(x, '[\\s\\p{Cc}\\p{Cf}\\x{2028}\\x{2029}]') then url_encode(x) else x end;
`;
