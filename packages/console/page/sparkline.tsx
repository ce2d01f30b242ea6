const width = 96;
const height = 22;

/** The last minutes of a value, as a curve; its figures stand beside it. */
export const Sparkline = ({ values }: { readonly values: readonly number[] }) => {
  if (values.length < 2) return <svg class="spark" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" />;
  const most = Math.max(1e-9, ...values);
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * width;
    const y = height - 1 - (value / most) * (height - 3);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,${height} ${points.join(" ")} ${width},${height}`} />
      <polyline points={points.join(" ")} />
    </svg>
  );
};
