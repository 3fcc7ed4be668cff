/** A line of `values` that ends at the right edge, and where it begins; nothing for less than two values. */
export function chartPath(values: readonly number[], room: number, width: number, height: number): { path: string; begin: number } | undefined {
  if (values.length < 2) return undefined;
  const most = Math.max(1, ...values);
  const step = width / (room - 1);
  const begin = Math.round(width - (values.length - 1) * step);
  const points = values.map((value, index) => `${(begin + index * step).toFixed(1)} ${(height - 1 - (value / most) * (height - 3)).toFixed(1)}`);
  return { path: `M${points.join('L')}`, begin };
}
