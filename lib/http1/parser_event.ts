// What the response parser says next. Plain numbers: the read loop switches on one for every response.

/** No event before more is received. */
export const NEED_DATA = 0;
/** A 1xx response other than 101: `head` describes it, and the response proper is still to come. */
export const INFORMATIONAL = 1;
/** The response's head. */
export const HEAD = 2;
/** Body bytes: `dataLength` of them, `data()`. */
export const DATA = 3;
/** The response is complete. */
export const END = 4;
