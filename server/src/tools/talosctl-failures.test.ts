import { describe, expect, it } from 'vitest'
import { WildError } from '../platform/errors.ts'
import { talosFailure } from './talosctl-failures.ts'

function failed(output: string): WildError {
  return new WildError('TOOL_FAILED', 'talosctl get failed', { output })
}

const dial = 'rpc error: code = Unavailable desc = connection error: desc = '

describe('a failed talosctl call', () => {
  it.each([
    [
      'nothing listens',
      `${dial}"transport: Error while dialing: dial tcp 10.0.0.9:50000: connect: connection refused"`,
      'offline',
    ],
    [
      'the host is down',
      `${dial}"transport: Error while dialing: dial tcp 10.0.0.9:50000: connect: no route to host"`,
      'offline',
    ],
    [
      'the peer never answers',
      `${dial}"transport: authentication handshake failed: context deadline exceeded"`,
      'offline',
    ],
    [
      'a maintenance machine is asked by certificate',
      `${dial}"transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority"`,
      'unknown-authority',
    ],
    [
      'another cluster answers',
      `${dial}"… signed by unknown authority (possibly because of \\"x509: Ed25519 verification failure\\" while trying to verify candidate authority certificate \\"talos\\")"`,
      'unknown-authority',
    ],
    [
      'the certificate is for another address',
      `${dial}"… x509: certificate is valid for 10.0.0.31, not 10.0.0.30"`,
      'wrong-address',
    ],
    [
      'a configured machine is asked insecurely',
      `${dial}"error reading server preface: remote error: tls: certificate required"`,
      'configured',
    ],
    [
      'the same, seen as a broken pipe',
      'rpc error: code = Unavailable desc = write tcp 10.0.0.1:4000->10.0.0.9:50000: write: broken pipe',
      'configured',
    ],
    [
      'the same, seen as a reset',
      'rpc error: code = Unavailable desc = read tcp 10.0.0.1:4000->10.0.0.9:50000: read: connection reset by peer',
      'configured',
    ],
    [
      'no TLS is spoken',
      `${dial}"transport: authentication handshake failed: tls: first record does not look like a TLS handshake"`,
      'not-talos',
    ],
    [
      'the cluster was bootstrapped before',
      'error executing bootstrap: rpc error: code = AlreadyExists desc = etcd data directory is not empty',
      'exists',
    ],
    [
      'the container runtime is not up',
      'error executing bootstrap: rpc error: code = FailedPrecondition desc = bootstrap is not available yet',
      'not-yet',
    ],
    [
      'the clock is not right yet',
      'error executing bootstrap: rpc error: code = FailedPrecondition desc = time is not in sync yet',
      'not-yet',
    ],
    [
      'a worker is bootstrapped',
      'error executing bootstrap: rpc error: code = FailedPrecondition desc = bootstrap can only be performed on a control plane node',
      'refused',
    ],
    [
      'the mode cannot do it',
      'rpc error: code = Unimplemented desc = API is not implemented in maintenance mode',
      'unsupported',
    ],
    [
      'the configuration is refused',
      'error applying new configuration: rpc error: code = InvalidArgument desc = configuration validation failed',
      'refused',
    ],
  ])('is told apart when %s', (_when, output, kind) => {
    expect(talosFailure(failed(output))).toBe(kind)
  })

  it('counts as offline when it had to be ended', () => {
    expect(talosFailure(new WildError('TIMEOUT', 'talosctl get did not answer'))).toBe('offline')
  })

  it('is none when the tool is missing or the error is not from a tool', () => {
    expect(talosFailure(new WildError('TOOL_MISSING', 'talosctl is not installed'))).toBeUndefined()
    expect(talosFailure(new Error('connection refused'))).toBeUndefined()
  })
})
