export function showHint(place: HTMLElement, text: string): void {
  place.innerHTML = text;
}
