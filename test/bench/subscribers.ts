import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/**
 * A process of its own that plays many browsers: opens `count` WebSockets, counts the lines each gets, and tells how long
 * they took from the moment written in them. Arguments: address, graphql or bare, operation id, count, lines.
 */
const [url = '', kind = '', id = '', count = '', lines = ''] = process.argv.slice(2)
const wanted = Number(lines)
const latencies: number[] = []
let ready = 0
let done = 0

/** One message has come; the first says only that the subscription stands. */
function counter(): (message: string) => void {
  let seen = 0
  let measured = 0
  return (message) => {
    if (seen++ === 0) {
      if (++ready === Number(count)) process.send!({ ready: true })
      return
    }
    // What is measured carries its moment; the operation's own words come around it.
    if (!/^\d+$/.test(message)) return
    latencies.push(Number(process.hrtime.bigint() - BigInt(message)) / 1e6)
    if (++measured === wanted && ++done === Number(count)) finish()
  }
}

function finish(): void {
  latencies.sort((a, b) => a - b)
  const at = (part: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))]
  process.send!({ p50: at(0.5), p99: at(0.99) }, undefined, undefined, () => process.exit(0))
}

for (let i = 0; i < Number(count); i++) {
  const next = counter()
  if (kind === 'bare')
    new WebSocket(url).on('message', (data) => next(JSON.parse(String(data)).payload.data.operationLog.message))
  else
    createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 }).subscribe<{ operationLog: { message: string } }>(
      {
        query: 'subscription ($id: String!) { operationLog(id: $id) { seq at stream step message } }',
        variables: { id },
      },
      { next: ({ data }) => next(data!.operationLog.message), error: fail, complete: () => undefined },
    )
}

function fail(error: unknown): void {
  console.error(error)
  process.exit(1)
}
