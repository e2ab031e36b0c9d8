import { configKeys } from './keys.ts'

/** The text of docs/config-keys.md, made from the declared keys. */
export function keysDocument(): string {
  const rows = configKeys.map(({ path, kind, default: preset, required, help }) => {
    const given = preset ? `\`${preset}\`` : required ? 'required' : ''
    return `| \`${path}\` | ${kind} | ${given} | ${help} |`
  })
  return `# Keys of config.yaml

Every setting there is, what it holds, its default and what it is for. In a default \`<key>\` is the value of another key, \`<lan+90>\` the ninetieth address of your network, \`<gateway>\` its router.
Settings of apps are below \`apps.<app>\` and are described by each app. Any other key is kept, with a warning.

| key | holds | default | what it is for |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}
