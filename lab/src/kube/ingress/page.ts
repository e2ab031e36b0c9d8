import { containerInputs } from '../controllers/pod-inputs.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'

type Spec = KubeObject['spec']

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter)

const capitalised = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1)

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem } dt { font-weight: 600 }</style>
</head>
<body>
${content}
</body>
</html>
`
}

const facts = (entries: [string, string][]): string =>
  `<dl>${entries.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`

const blog = `<h1>Ghost</h1>
<p>Thoughts, stories and ideas.</p>
<article><h2>Coming soon</h2><p>This is a brand new site that's just getting started.</p></article>`

/** The home page of the app that runs in a pod of the lab, saying which pod answered. */
export function appPage(objects: ObjectStore, pod: KubeObject, host: string): string {
  const container = pod.spec.containers[0] as Spec
  const labels = pod.metadata.labels ?? {}
  const name = labels['app.kubernetes.io/name'] ?? labels.app ?? container.name
  const { url } = containerInputs(objects, pod, container).env
  const entries: [string, string][] = [
    ['Host', host],
    ['Pod', `${pod.metadata.namespace}/${pod.metadata.name}`],
    ['Image', container.image],
    ['Node', pod.spec.nodeName ?? ''],
    ...(url === undefined ? [] : ([['Address of the site', url]] as [string, string][])),
  ]
  const isGhost = /(^|\/)ghost[:@]/.test(container.image)
  const title = isGhost ? 'Ghost' : capitalised(name)
  const content = isGhost ? blog : `<h1>${escapeHtml(title)}</h1>\n<p>This app runs in the lab.</p>`
  return page(title, `${content}\n${facts(entries)}`)
}

/** Traefik's own page. */
export const dashboardPage = (): string => page('Traefik Proxy', '<h1>Traefik</h1>\n<p>The dashboard of the lab.</p>')
