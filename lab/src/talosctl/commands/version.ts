import { CLIENT_SHA, CLIENT_VERSION, GO_VERSION } from '../client-version.ts'
import { type Context, ToolError } from '../command.ts'
import { nodesOf } from '../machine-api.ts'

/** `talosctl version`. */
export async function run(context: Context): Promise<void> {
  const asJson = context.on('json')
  if (!asJson) context.out(`Client:\n${context.on('short') ? `Talos ${CLIENT_VERSION}\n` : block(CLIENT_VERSION)}`)
  if (context.on('client')) return
  if (!asJson) context.out('Server:\n')
  for (const node of nodesOf(context, { insecure: context.on('insecure') })) {
    const { tag } = (await node.call('version').catch((error: unknown) => {
      throw new ToolError(`error getting version: ${(error as Error).message}`)
    })) as { tag: string }
    if (asJson) context.out(`${JSON.stringify(document(node.name, tag))}\n`)
    else context.out(`\tNODE:        ${node.name}\n${block(tag)}\tEnabled:     RBAC\n`)
  }
}

function block(tag: string): string {
  return `\tTag:         ${tag}\n\tSHA:         ${CLIENT_SHA}\n\tBuilt:       \n\tGo version:  ${GO_VERSION}\n\tOS/Arch:     linux/amd64\n`
}

const document = (hostname: string, tag: string) => ({
  metadata: { hostname },
  version: { tag, sha: CLIENT_SHA, goVersion: GO_VERSION, os: 'linux', arch: 'amd64' },
  platform: { name: 'metal', mode: 'metal' },
  features: { rbac: true },
})
