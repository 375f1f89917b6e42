const ONE_DIGIT = /^[17]/;
const TWO_DIGITS = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/**
 * Digits with the country code, as WhatsApp gives them, in readable groups: "2348031234567" becomes
 * "+234 803 123 4567". Country codes are those of ITU-T E.164; the rest goes in groups of at most four.
 */
export function readableNumber(digits: string): string {
  const code = ONE_DIGIT.test(digits) ? 1 : TWO_DIGITS.test(digits) ? 2 : 3;
  const rest = digits.slice(code);
  return ["+" + digits.slice(0, code), ...evenGroups(rest.slice(0, -4)), rest.slice(-4)].join(" ").trim();
}

function evenGroups(digits: string): string[] {
  const count = Math.ceil(digits.length / 4);
  const bounds = Array.from({ length: count + 1 }, (_, i) => Math.floor((digits.length * i) / count));
  return bounds.slice(1).map((end, i) => digits.slice(bounds[i], end));
}
