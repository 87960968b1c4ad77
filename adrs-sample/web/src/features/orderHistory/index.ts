import { get } from "../../api/client";

const region = process.env.SHOP_REGION ?? "eu";

export default async function orderHistory(customer: string): Promise<unknown> {
  return get(`/${region}/orders?customer=${customer}`);
}
