// What a curve leaves on the character grid, before colours.

/** Characters row by row from the top, one for each column; `EMPTY_CELL` where the curve is not. */
export type Cells = string[][];

export const EMPTY_CELL = " ";
