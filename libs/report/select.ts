/** Pieces as short as this are sorted: quicker than to go on halving. */
const SHORT = 32;

/**
 * Puts the value that belongs at `place` of the sorted order there, nothing greater before it and nothing smaller behind
 * it, within `from` to `to` (not included). Hoare's selection with the middle of three as pivot: linear on the whole; a
 * piece that halves badly too often is sorted instead (introselect: Musser, Software: Practice and Experience 27, 1997).
 */
export function selectPlace(values: Float64Array, place: number, from = 0, to = values.length): void {
  let [low, high] = [from, to - 1];
  for (let left = 2 * Math.ceil(Math.log2(to - from + 1)); high - low > SHORT && left > 0; left--) {
    const pivot = middleOfThree(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const other = values[i]!;
      values[i++] = values[j]!;
      values[j--] = other;
    }
    // Between the two, everything equals the pivot.
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else return;
  }
  values.subarray(low, high + 1).sort();
}

function middleOfThree(a: number, b: number, c: number): number {
  if (a > b) return b > c ? b : a > c ? c : a;
  return a > c ? a : b > c ? c : b;
}

/** The least of a piece that is not empty. */
export function leastOf(values: Float64Array, from: number, to: number): number {
  let least = values[from]!;
  for (let index = from + 1; index < to; index++) if (values[index]! < least) least = values[index]!;
  return least;
}
