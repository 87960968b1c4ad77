import { get } from "../../api/client";

export async function basketOf(customer: string): Promise<unknown> {
  return get(`/baskets/${customer}`);
}
