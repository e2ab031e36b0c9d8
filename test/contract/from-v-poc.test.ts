import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../world.ts'

const text = readFileSync(join(root, 'docs/from-v-poc.md'), 'utf8')
const rows = [...text.matchAll(/^\| (`.+?) \| (.+) \|$/gm)].map(([, script, here]) => ({
  script: script!,
  here: here!,
}))
const commands = [...new Set([...text.matchAll(/`(wild-cli [^`]+)`/g)].map(([, command]) => command!))]

/** Every script of the old system (its names of July and October). */
const scripts = [
  'wild-init wild-setup wild-setup-scaffold wild-setup-docs wild-update-docs wild-setup-cluster wild-setup-services',
  'wild-config wild-config-set wild-secret wild-secret-set wild-compile-template wild-compile-template-dir',
  'wild-node-detect wild-node-setup wild-cluster-node-patch-generate wild-cluster-node-up wild-cluster-node-ip',
  'wild-cluster-node-boot-assets-download wild-cluster-config-generate wild-talos-schema wild-health',
  'wild-cluster-secret-copy wild-cluster-services-generate wild-cluster-services-up wild-service-setup',
  'wild-dashboard-token wild-apps-list wild-app-fetch wild-app-add wild-app-deploy wild-app-delete wild-app-doctor',
  'wild-app-backup wild-app-restore wild-backup wild-dnsmasq-install',
]
  .join(' ')
  .split(' ')

/** `wild-cli node setup NAME --plan` is the command `node setup` with the option `--plan`. */
function parts(command: string): { path: string[]; options: string[] } {
  const words = command.split(' ').slice(1)
  const options = words.filter((word) => word.startsWith('-'))
  const path = words.slice(0, words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word)) >>> 0)
  return { path: options[0] ? path.slice(0, words.indexOf(options[0])) : path, options }
}

function help(path: string[]): { status: number | null; stdout: string } {
  const cli = join(root, 'cli/dist/wild-cli.js')
  return spawnSync(process.execPath, [cli, ...path, '--help'], { encoding: 'utf8' })
}

describe('the document for who used the scripts', () => {
  it('names every script', () => {
    const named = rows.map(({ script }) => script).join(' ')
    expect(scripts.filter((script) => !new RegExp(`\`${script}[ \`]`).test(named))).toEqual([])
  })

  it('says for each row what to do, or why it was dropped', () => {
    for (const { script, here } of rows) expect([script, /`wild-cli |^dropped: \w/.test(here)]).toEqual([script, true])
  })

  it.each(commands)('names a command that is there: %s', (command) => {
    const { path, options } = parts(command)
    const { status, stdout } = help(path)
    expect([command, status]).toEqual([command, 0])
    const usage = stdout.split('\n')[0]!.replace('Usage: wild-cli ', '').split(' ')
    const said = usage
      .slice(
        0,
        usage.findIndex((word) => /^[[<]/.test(word)),
      )
      .map((word) => word.split('|')[0])
    // Help of a group is what an unknown command gets; an argument may be written out (`install nfs`).
    expect(path.slice(0, said.length)).toEqual(said)
    if (path.length > said.length) expect(usage.join(' ')).toMatch(/<\w/)
    else expect(usage).not.toContain('[command]')
    for (const option of options) expect(stdout).toContain(option)
  })
})
