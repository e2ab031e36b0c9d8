import { type Context, ToolError } from '../command.ts'
import { onlyNode } from '../machine-api.ts'

/** `talosctl upgrade-k8s`: another Kubernetes for the cluster of one control plane node. */
export async function run(context: Context): Promise<void> {
  const from = context.given('from') ? context.flag('from') : undefined
  const kubelet = context.on('upgrade-kubelet')
  const text = await onlyNode(context, 'upgrade-k8s')
    .call('upgrade-k8s', { to: context.flag('to'), from, kubelet, dryRun: context.on('dry-run') })
    .catch((error: unknown) => {
      throw new ToolError((error as Error).message.replace(/^rpc error: code = Unknown desc = /, ''))
    })
  context.out(String(text))
}
