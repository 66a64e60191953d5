/** How many of these values, which never decrease, are less than a limit. */
export function lowerBound(values: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
