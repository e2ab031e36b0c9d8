import { chmod, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Step } from '../../../operations/define.ts'
import { exists, makeDirectory, readFileIfThere, writeFileAtomic } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import type { BootstrapWorld } from '../bootstrap/world.ts'
import { renewBeforeMs, talosAccess } from './model.ts'

/** Makes a new client certificate for the machines from the cluster's secrets: works offline, also when the old one has ended. */
export function renewTalosconfig(w: BootstrapWorld, { name, fresh }: { name: string; fresh: boolean }): Step {
  const file = w.places.talosconfig
  const temporary = `${file}.new`
  const secretsFile = join(w.places.generated, 'secrets.yaml')
  const endpoints = w.controlPlanes.map(({ targetIp }) => targetIp!)

  async function lasts(now: number): Promise<boolean> {
    const access = talosAccess(await readFileIfThere(file))
    if (!access?.expiresAt || access.endpoints.join() !== endpoints.join()) return false
    return Date.parse(access.expiresAt) - now > renewBeforeMs
  }

  return {
    name: 'renew-talosconfig',
    title: 'Renewing the talosconfig',
    async done(ctx) {
      if (fresh || !(await lasts(ctx.clock.now()))) return false
      return `it is valid until ${talosAccess(await readFileIfThere(file))!.expiresAt!.slice(0, 10)}`
    },
    async run(ctx) {
      if (!(await exists(secretsFile)))
        throw new WildError(
          'NOT_FOUND',
          `A new client certificate for the machines is made from ${secretsFile}, which is not there. Put it back from a backup, then run this again.`,
          { file: secretsFile },
        )
      await makeDirectory(dirname(file), { secret: true })
      await rm(temporary, { force: true })
      const talosctl = w.talosctl(ctx)
      await talosctl.generateTalosconfig({ name, vip: w.vip, secretsFile, file: temporary })
      await chmod(temporary, 0o600)
      await talosctl.setEndpoints(temporary, endpoints)
      const made = await readFileIfThere(temporary)
      await rename(temporary, file)
      await writeFileAtomic(join(w.places.generated, 'talosconfig'), made!, { mode: 0o600 })
      ctx.hide(await w.deps.secrets.allValues(w.instance))
      w.deps.instances.changed(w.instance, 'cluster')
      ctx.say(`The talosconfig is valid until ${talosAccess(made)?.expiresAt?.slice(0, 10)}`)
    },
    async check(ctx) {
      if (await lasts(ctx.clock.now())) return
      throw new WildError(
        'OPERATION_FAILED',
        `talosctl made a certificate that does not last. Check the clock of this device.`,
        {
          file,
        },
      )
    },
    undo: () => rm(temporary, { force: true }),
    plan: async () => [
      { kind: 'file', text: `Write ${file} with a new client certificate, for ${endpoints.join(', ')}` },
    ],
  }
}
