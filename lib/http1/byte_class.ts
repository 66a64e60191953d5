// What a byte may be in an HTTP/1 head: one table look-up instead of a chain of comparisons.

/** A control byte other than HTAB: ends a line or is an error. */
export const CONTROL = 0;
/** May stand in a field value: HTAB, SP, VCHAR, obs-text (RFC 9110 §5.5). */
export const VALUE = 1;
/** May stand in a token too: a method or a field name (RFC 9110 §5.6.2). */
export const TOKEN = 2;

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COMMA = 0x2c;
export const ZERO = 0x30;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;

/** CONTROL, VALUE or TOKEN for each byte. */
export const BYTE_CLASS: Uint8Array = buildClasses();

/** The value of a hexadecimal digit, 255 for every other byte. */
export const HEX_VALUE: Uint8Array = buildHexValues();

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(256).fill(VALUE);
  classes.fill(CONTROL, 0, 0x20);
  classes[HTAB] = VALUE;
  classes[0x7f] = CONTROL;
  for (const char of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
    classes[char.charCodeAt(0)] = TOKEN;
  }
  return classes;
}

function buildHexValues(): Uint8Array {
  const values = new Uint8Array(256).fill(255);
  for (let digit = 0; digit < 16; digit++) {
    values[digit.toString(16).charCodeAt(0)] = digit;
    values[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
  }
  return values;
}
