/** A path below `/api/v1` with every inserted name percent-encoded, so that no name can change the route. */
export function route(parts: TemplateStringsArray, ...names: string[]): string {
  return parts.reduce((path, part, i) => path + encodeURIComponent(names[i - 1]!) + part)
}
