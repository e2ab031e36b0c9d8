/** A refusal as gRPC reports it; the message is what the real client prints. */
export class RpcError extends Error {
  readonly code: string
  readonly description: string

  constructor(code: string, description: string) {
    super(`rpc error: code = ${code} desc = ${description}`)
    this.code = code
    this.description = description
  }

  /** What a direct call would report. */
  get plain(): string {
    return `rpc error: code = ${this.code} desc = ${this.description}`
  }

  /** Another machine than the one that was dialled said this. */
  get isForwarded(): boolean {
    return this.message !== this.plain
  }
}

/** Nothing answers at that address. */
export function cannotDial(address: string, reason: 'connection refused' | 'no route to host'): RpcError {
  return new RpcError(
    'Unavailable',
    `connection error: desc = "transport: Error while dialing: dial tcp ${address}:50000: connect: ${reason}"`,
  )
}

/** The TLS handshake failed for the given reason. */
export function handshakeFailed(reason: string): RpcError {
  return new RpcError('Unavailable', `connection error: desc = "transport: authentication handshake failed: ${reason}"`)
}

/** Errors of several nodes, or of one behind a proxy, in the shape Go's multierror gives them. */
export function multiError(messages: string[]): string {
  const count = messages.length === 1 ? '1 error' : `${messages.length} errors`
  return `${count} occurred:\n${messages.map((message) => `\t* ${message}\n`).join('')}\n`
}
