import { multiError } from '../../machines/rpc-error.ts'
import { type Context, ToolError } from '../command.ts'
import { nodesOf } from '../machine-api.ts'
import { printerFor, type ShownDocument } from '../resource-output.ts'

/** `talosctl get TYPE [ID]`: documents of all nodes in order; failures of nodes are told together at the end. */
export async function run(context: Context): Promise<void> {
  const [type, id] = context.args as [string, string | undefined]
  const printer = printerFor(context.flag('output'))
  const nodes = nodesOf(context, { insecure: context.on('insecure') })
  const documents: ShownDocument[] = []
  const failures: string[] = []
  for (const node of nodes) {
    try {
      const found = (await node.call('get', { type, id })) as Omit<ShownDocument, 'node'>[]
      documents.push(...found.map((document) => ({ ...document, node: node.name })))
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      failures.push(error.message)
    }
  }
  context.out(printer(documents))
  if (failures.length === 0) return
  // A type nobody knows and a node nobody reaches end the command; an unknown id is an error of its node.
  const plain =
    nodes.length === 1 && !failures[0]!.includes("doesn't exist") && !failures[0]!.includes('error occurred')
  throw new ToolError(
    plain
      ? failures[0]
      : failures[0]!.includes('error occurred') && nodes.length === 1
        ? failures[0]
        : multiError(failures),
  )
}
