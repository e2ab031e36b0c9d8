import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { LabError } from '../settings.ts'
import { clientCertificate, type Entrance } from './client-certificate.ts'
import type { Params } from './commands.ts'
import { durations } from './durations.ts'
import { readFault } from './faults.ts'
import type { Lan } from './lan.ts'
import { releaseStuck } from './orders/leave.ts'
import { powerOn } from './orders/power.ts'
import { pxeBoot } from './orders/pxe-boot.ts'
import type { Performer } from './perform.ts'
import { type Caller, forwarded, reach } from './reach.ts'
import type { DiskChange } from './record.ts'
import { RpcError } from './rpc-error.ts'
import { labState } from './state.ts'

/** What the stand-in sends for one call to one node. */
export interface LabCall extends Caller {
  command: string
  params: Params
}

/** What it gets: the result, or the error text of the real client. */
export type LabAnswer = { result: unknown } | { error: string; code?: string }

/** A snapshot of etcd is the largest. */
const LARGEST_BODY = 134_217_728

/**
 * Serves the stand-in (`POST /call`), the fault door for tests and rehearsals (`POST|DELETE|GET /faults`), the power
 * button (`POST /power`), the hand that changes disks (`POST /disks`: see DiskChange) and
 * graphics cards (`POST /cards`), the router that
 * gives a machine another address (`POST /lease`), the clock of a machine (`POST /clock`), a client
 * certificate of any age (`POST /certificate`) and the lab's state (`GET /state`) on a Unix socket. `settled` resolves when listeners have
 * followed the last change. Throws LabError when another lab has the socket.
 */
export async function serveSocket(
  lan: Lan,
  performer: Performer,
  path: string,
  settled: () => Promise<void>,
): Promise<{ close(): Promise<void> }> {
  if (await answers(path)) throw new LabError(`the socket ${path} is in use: another lab runs there`)
  rmSync(path, { force: true })
  const door = createDoor(lan, performer, settled)
  const server = createServer((request, response) => {
    door
      .handle(request, response)
      .catch((error: unknown) =>
        reply(response, 500, { error: error instanceof Error ? error.message : String(error) }),
      )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new LabError(`cannot listen on ${path}: ${error.message}`)))
    server.listen(path, resolve)
  })
  chmodSync(path, 0o600)
  return {
    close: async () => {
      performer.release()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

function createDoor(lan: Lan, performer: Performer, settled: () => Promise<void>) {
  const call = async (body: LabCall): Promise<LabAnswer> => {
    const caller = { ...body, endpoints: body.endpoints ?? [] }
    try {
      const reached = reach(lan, caller)
      try {
        const result = await performer.perform(reached, body.command, body.params)
        await settled()
        return { result: result ?? null }
      } catch (error) {
        throw reached.proxied && error instanceof RpcError ? forwarded(error) : error
      }
    } catch (error) {
      if (error instanceof RpcError) return { error: error.message, code: error.code }
      throw error
    }
  }
  const orderFault = (body: unknown): { status: number; body: unknown } => {
    try {
      const fault = lan.faults.add(readFault(body))
      lan.touch()
      return { status: 201, body: fault }
    } catch (error) {
      return { status: 400, body: { error: (error as Error).message } }
    }
  }
  const clearFaults = (): void => {
    lan.faults.clear()
    releaseStuck(lan, durations.reboot)
    performer.release()
    lan.touch()
  }
  const press = (body: { machine?: unknown }): { status: number; body: unknown } => {
    const machine = lan.machines().find((one) => one.record.number === body.machine)
    if (!machine) return { status: 404, body: { error: 'no such machine' } }
    powerOn(lan, machine)
    return { status: 200, body: {} }
  }
  const changeDisk = (body: { machine?: unknown; disk?: unknown } & DiskChange): { status: number; body: unknown } => {
    const { machine: number, disk, ...change } = body
    const machine = lan.machines().find((one) => one.record.number === number)
    if (!machine || typeof disk !== 'string' || disk === '') return { status: 404, body: { error: 'no such disk' } }
    const disks = machine.record.disks ?? {}
    // Another disk in the place of the system disk carries nothing.
    const exchanged = change.serial !== undefined && machine.record.systemDisk === disk
    lan.update(machine.record.number, {
      disks: { ...disks, [disk]: { ...disks[disk], ...change } },
      ...(exchanged ? { systemDisk: undefined } : {}),
    })
    return { status: 200, body: {} }
  }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const route = `${request.method} ${request.url}`
    const body: unknown = request.method === 'POST' ? JSON.parse((await readBody(request)) || '{}') : undefined
    if (route === 'POST /call') return reply(response, 200, await call(body as LabCall))
    if (route === 'GET /state') return reply(response, 200, labState(lan))
    if (route === 'GET /faults') return reply(response, 200, lan.faults.list())
    if (route === 'POST /faults') {
      const answer = orderFault(body)
      await settled()
      return reply(response, answer.status, answer.body)
    }
    if (route === 'DELETE /faults') {
      clearFaults()
      await settled()
      return reply(response, 200, {})
    }
    if (route === 'POST /power') {
      const answer = press(body as { machine?: unknown })
      return reply(response, answer.status, answer.body)
    }
    if (route === 'POST /pxe-boot') {
      const { machine: number, url } = body as { machine: number; url: string }
      const machine = lan.machines().find((one) => one.record.number === number)
      if (!machine) return reply(response, 404, { error: 'no such machine' })
      const failure = await pxeBoot(lan, machine, url).catch((error: unknown) => (error as Error).message)
      await settled()
      return reply(response, failure ? 409 : 200, failure ? { error: failure } : {})
    }
    if (route === 'POST /lease') {
      const { machine, host } = body as { machine: number; host: number }
      if (!lan.machines().some((one) => one.record.number === machine))
        return reply(response, 404, { error: 'no such machine' })
      lan.update(machine, { leasedHost: host })
      await settled()
      return reply(response, 200, {})
    }
    if (route === 'POST /cards') {
      const { machine, cards } = body as { machine: number; cards: string[] }
      if (!lan.machines().some((one) => one.record.number === machine))
        return reply(response, 404, { error: 'no such machine' })
      lan.update(machine, { cards })
      return reply(response, 200, {})
    }
    if (route === 'POST /certificate') {
      const { machine, days, entrance } = body as { machine: number; days: number; entrance?: Entrance }
      const found = lan.machines().find((one) => one.record.number === machine)
      if (!found) return reply(response, 404, { error: 'no such machine' })
      return reply(response, 200, await clientCertificate(found, days, entrance))
    }
    if (route === 'POST /clock') {
      const { machine, minutes } = body as { machine: number; minutes: number }
      if (!lan.machines().some((one) => one.record.number === machine))
        return reply(response, 404, { error: 'no such machine' })
      lan.update(machine, { clockOffset: minutes === 0 ? undefined : minutes * 60_000 })
      return reply(response, 200, {})
    }
    if (route === 'POST /disks') {
      const answer = changeDisk(body as Parameters<typeof changeDisk>[0])
      return reply(response, answer.status, answer.body)
    }
    reply(response, 404, { error: 'not found' })
  }
  return { handle }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw new Error('request too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
