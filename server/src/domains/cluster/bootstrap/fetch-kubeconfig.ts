import { chmod, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Step } from '../../../operations/define.ts'
import { makeDirectory, readFileIfThere } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { explainMachine, talosEndpoints, writeTalosconfig } from '../../nodes/index.ts'
import { fitsCluster } from '../kubeconfig.ts'
import type { BootstrapWorld } from './world.ts'

/** Fetches the administrator's kubeconfig (with `fresh` also when the one there fits) and points the talosconfig at the control planes. */
export function fetchKubeconfig(w: BootstrapWorld, { fresh = false } = {}): Step {
  const file = w.places.kubeconfig
  const temporary = `${file}.new`
  const endpoints = w.controlPlanes.map(({ targetIp }) => targetIp!)

  async function fits(now: number): Promise<boolean> {
    const text = await readFileIfThere(file)
    return text !== undefined && fitsCluster(text, { vip: w.vip, authority: await w.authority(), now })
  }
  async function pointed(): Promise<boolean> {
    return (await talosEndpoints(w.places.talosconfig))?.join() === endpoints.join()
  }

  return {
    name: 'fetch-kubeconfig',
    title: 'Fetching kubeconfig',
    tries: 5,
    done: async (ctx) => !fresh && (await fits(ctx.clock.now())) && (await pointed()),
    async run(ctx) {
      if (fresh || !(await fits(ctx.clock.now()))) {
        await makeDirectory(dirname(file), { secret: true })
        try {
          await w.talosctl(ctx).kubeconfig(w.ip, temporary)
        } catch (error) {
          throw explainMachine(error, w.node, 'Fetching the kubeconfig')
        }
        await chmod(temporary, 0o600)
        await rename(temporary, file)
      }
      await writeTalosconfig(ctx.run, w.places, endpoints)
      ctx.hide(await w.deps.secrets.allValues(w.instance))
      w.deps.instances.changed(w.instance, 'cluster')
      ctx.say(`The kubeconfig leads to https://${w.vip}:6443`)
    },
    async check(ctx) {
      if (await fits(ctx.clock.now())) return
      throw new WildError(
        'OPERATION_FAILED',
        `The kubeconfig that ${w.node.name} handed out does not lead to https://${w.vip}:6443 of this cluster. Was the VIP changed after the node was set up? Set it up again, then bootstrap.`,
        { node: w.node.name, hint: `wild-cli node setup ${w.node.name}` },
      )
    },
    undo: () => rm(temporary, { force: true }),
    plan: async () => [
      { kind: 'file', text: `Write ${file}, fetched from ${w.node.name}` },
      { kind: 'file', text: `Point ${w.places.talosconfig} at ${endpoints.join(', ')}` },
    ],
  }
}
