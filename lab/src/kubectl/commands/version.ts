import { CommandError } from '../errors.ts'
import { bool, type Flags, text } from '../flags.ts'
import type { Session } from '../session.ts'
import { printYaml } from '../yaml/print.ts'

export const versionFlags: Flags = { client: bool(), output: text('o') }

const clientVersion = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.1',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2025-09-09T19:44:50Z',
  goVersion: 'go1.24.6',
  compiler: 'gc',
  platform: `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`,
}
const kustomizeVersion = 'v5.7.1'

interface Versions {
  clientVersion: typeof clientVersion
  kustomizeVersion: string
  serverVersion?: { major: string; minor: string; gitVersion: string }
}

function print(format: string | undefined, versions: Versions): string {
  if (format === 'json') return `${JSON.stringify(versions, null, 2)}\n`
  if (format === 'yaml') return printYaml(versions)
  if (format !== undefined && format !== '') throw new CommandError(`--output must be 'yaml' or 'json'`)
  const server = versions.serverVersion === undefined ? '' : `Server Version: ${versions.serverVersion.gitVersion}\n`
  return `Client Version: ${clientVersion.gitVersion}\nKustomize Version: ${kustomizeVersion}\n${server}`
}

/** `version`: the client's part is printed even when the server does not answer. */
export async function version(session: Session): Promise<void> {
  const { flags } = session
  if (flags.args.length > 0) throw new CommandError(`extra arguments: [${flags.args.join(' ')}]`)
  const versions: Versions = { clientVersion, kustomizeVersion }
  let failure: unknown
  if (!flags.is('client')) {
    try {
      versions.serverVersion = await (await session.client()).json({ path: '/version' })
    } catch (error) {
      failure = error
    }
  }
  session.out(print(flags.text('output'), versions))
  const server = versions.serverVersion
  const skew = server === undefined ? 0 : Math.abs(Number.parseInt(server.minor, 10) - Number(clientVersion.minor))
  if (server !== undefined && skew > 1)
    session.err(
      `WARNING: version difference between client (${clientVersion.major}.${clientVersion.minor}) and server (${server.major}.${server.minor}) exceeds the supported minor version skew of +/-1\n`,
    )
  if (failure !== undefined) throw failure
}
