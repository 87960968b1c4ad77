export function StockBadge({ count }: { count: number }) {
  return <span>{count > 0 ? "in stock" : "sold out"}</span>;
}
