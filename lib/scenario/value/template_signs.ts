/** Whether a text is more than itself: has expressions or escaped signs. */
export function isTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("${");
}
