import { join } from 'node:path'
import { commands } from '../../../lab/src/talosctl/table.ts'
import { root, temporaryFolder } from '../../world.ts'
import { outcome, type Suite } from '../suite.ts'
import { helpOf, walkSteps, writePatches } from '../talosctl-offline/run.ts'
import { flagsIn } from '../talosctl-offline/shape.ts'
import { newerSteps, steps } from '../talosctl-offline/steps.ts'

const standIn = [process.execPath, join(root, 'lab/bin/talosctl')]

/** The stand-in takes the same commands and flags as the real tool, and prints and writes the same shapes. */
export const talosctlOfflineSuite: Suite = {
  title: 'talosctl without a machine, real and stand-in',
  needs: ['talosctl'],
  async run(tools) {
    const result = outcome()
    const real = [tools.get('talosctl')!]
    const folders = [temporaryFolder('talosctl-real'), temporaryFolder('talosctl-stand-in')] as const
    try {
      const [one, other] = folders
      for (const { path } of folders) writePatches(path)
      const theirs = await walkSteps(real, one.path, steps)
      const ours = await walkSteps(standIn, other.path, steps)
      for (const [index, { what, exit, shapes, wrong }] of theirs.entries()) {
        result.same(`${what}, as the facts say`, [], wrong)
        result.same(`${what}, exit`, ours[index]!.exit, exit)
        for (const name of Object.keys(shapes)) result.same(`${what}, ${name}`, ours[index]!.shapes[name], shapes[name])
      }
      const version = (await helpVersion(real, one.path)) ?? [1, 11]
      const isNewer = version[0]! > 1 || version[1]! > 11
      for (const { path } of commands) {
        const [mine, real1] = await Promise.all([helpOf(standIn, path, other.path), helpOf(real, path, one.path)])
        const [own, known] = [flagsIn(mine), flagsIn(real1)]
        // A newer tool may have learnt flags; it must not have lost any of ours.
        const all = `${real1}`
        result.same(
          `talosctl ${path.join(' ')}, flags`,
          isNewer ? own.filter((flag) => !all.includes(`--${flag}`)) : own,
          isNewer ? [] : known,
        )
      }
      if (isNewer)
        for (const { what, wrong } of await walkSteps(real, one.path, newerSteps))
          result.same(`${what}, as the facts say`, [], wrong)
    } finally {
      for (const folder of folders) folder.remove()
    }
    return result
  },
}

async function helpVersion(program: string[], folder: string): Promise<number[] | undefined> {
  const [told] = await walkSteps(program, folder, [{ args: ['version', '--client', '--short'], exit: 0 }])
  const [, major, minor] = /v(\d+)\.(\d+)\./.exec(told!.said) ?? []
  return major && minor ? [Number(major), Number(minor)] : undefined
}
