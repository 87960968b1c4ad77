import axios from "axios";
import { apiUrl } from "../config";

export async function upload(file: Blob): Promise<void> {
  await axios.post(`${apiUrl}/pictures`, file);
}
