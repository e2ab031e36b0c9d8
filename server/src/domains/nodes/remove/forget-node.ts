import { rm } from 'node:fs/promises'
import type { Step } from '../../../operations/define.ts'
import { talosEndpoints, writeTalosconfig } from '../base-config.ts'
import type { RemoveWorld } from './world.ts'

/** Takes the node out of Kubernetes. Its machine no longer runs, so it does not come back by itself. */
export function deleteKubernetesNode(w: RemoveWorld): Step {
  return {
    name: 'delete-kubernetes-node',
    title: 'Removing it from Kubernetes',
    tries: 3,
    async done(ctx) {
      if (!(await w.bootstrapped())) return 'the cluster is not bootstrapped'
      return !(await w.kubernetesNode(ctx)) && 'Kubernetes does not have it'
    },
    run: (ctx) => w.kubectl(ctx).delete('node', w.node),
    plan: async () => [{ kind: 'command', text: `kubectl delete node ${w.node}` }],
  }
}

/** talosctl no longer dials the node's address. */
export function dialOthers(w: RemoveWorld): Step {
  async function rest(): Promise<string[] | undefined> {
    const { targetIp } = await w.record()
    const endpoints = await talosEndpoints(w.places.talosconfig)
    if (!endpoints || !targetIp || !endpoints.includes(targetIp)) return undefined
    return endpoints.filter((ip) => ip !== targetIp)
  }
  return {
    name: 'dial-others',
    title: 'Pointing talosctl at the others',
    done: async () => !(await rest()) && 'it does not dial this node',
    async run(ctx) {
      const ips = await rest()
      if (ips) await writeTalosconfig(ctx.run, w.places, ips)
    },
    plan: async () => [{ kind: 'file', text: `Take its address out of ${w.places.talosconfig}` }],
  }
}

/** Removes the record and what was made from it. */
export function forgetNode(w: RemoveWorld): Step {
  return {
    name: 'forget-node',
    title: 'Forgetting the node',
    async run(ctx) {
      // Both are made from the record; the final one holds secrets. The record goes last: with it this can be run again.
      for (const file of [w.places.patch(w.node), w.places.final(w.node)]) await rm(file, { force: true })
      await w.store.remove(w.instance, w.node, w.by)
      w.deps.instances.changed(w.instance, 'nodes')
      ctx.result({ node: w.node })
      ctx.say(`${w.node} is no longer a node of ${w.instance}`)
    },
    plan: async () => [{ kind: 'file', text: `Remove cluster.nodes.active.${w.node} and its machine configuration` }],
  }
}
