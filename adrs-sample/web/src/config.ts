export const apiUrl = process.env.SHOP_API_URL ?? "http://localhost:8000";
