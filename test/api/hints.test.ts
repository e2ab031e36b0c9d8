import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../world.ts'

/** Every command that messages, documents and the web app tell a person to type, as `group verb --flag…`. */
function toldCommands(): string[] {
  const files = ['server/src', 'web/src', 'cli/src', 'catalog'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|tsx|ya?ml|md)$/.test(name) && !/\.test\.|testing|node_modules|dist/.test(name))
      .map((name) => join(root, folder, name)),
  )
  const found = [...files, join(root, 'README.md')].flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /wild-cli (cluster etcd-snapshot [a-z]+|[a-z]+(?: [a-z][a-z-]*)?)((?:(?!wild-cli)[^`'"\n])*)/g,
      ),
    ].map(([, words, rest]) => `${words} ${(rest!.match(/(?<=\s)--[a-z-]+/g) ?? []).join(' ')}`.trim()),
  )
  return [...new Set(found)].sort()
}

const groups = new Set([
  ...['instance', 'context', 'config', 'secret', 'node', 'cluster', 'service', 'app', 'operation'],
  ...['backup', 'dns', 'dhcp', 'pxe', 'daemon'],
])
const commands = toldCommands().filter((command) => groups.has(command.split(' ')[0]!) && command.includes(' '))

describe('commands that people are told to type', () => {
  it('are found', () => expect(commands.length).toBeGreaterThan(20))

  it.each(commands)('exist with their flags: %s', (command) => {
    const words = command.split(' ').filter((word) => !word.startsWith('--'))
    const help = spawnSync(process.execPath, [join(root, 'cli/dist/wild-cli.js'), ...words, '--help'], {
      encoding: 'utf8',
    })
    expect([command, help.status, help.stdout.split('\n')[0]]).toEqual([
      command,
      0,
      expect.stringMatching(new RegExp(`^Usage: wild-cli ${words.join(' ')}`)),
    ])
    for (const flag of command.split(' ').filter((word) => word.startsWith('--'))) expect(help.stdout).toContain(flag)
  })
})
