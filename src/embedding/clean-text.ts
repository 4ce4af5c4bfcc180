/**
 * The text as it is sent: well-formed, composed (NFC), one blank for any run of blanks, line breaks and control characters.
 * Providers refuse NUL and half surrogates or read them each in its own way, and words that look alike are to be one question.
 * Empty when nothing is left.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
