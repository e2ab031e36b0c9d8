import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, startDaemon } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
beforeAll(async () => {
  daemon = await startDaemon({ env: { WILD_LOG: 'info' } })
  await daemon.rest('POST', '/instances', { name: 'home' })
})
afterAll(async () => void (await daemon.stop()))

const cli = async (...args: string[]) => {
  const child = spawn(process.execPath, [join(root, 'cli/dist/wild-cli.js'), ...args], {
    env: { ...process.env, WILD_DAEMON_URL: daemon.url, NO_COLOR: '1' },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}

describe('the figures for Prometheus', () => {
  it('count requests, operations and what was written, without a name that a stranger chose', async () => {
    await daemon.rest('GET', '/instances/never-heard-of')
    const response = await fetch(`${daemon.url}/metrics`)
    const text = await response.text()
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(text).toMatch(/^wild_http_requests_total\{surface="rest",method="POST",status="201"\} [1-9]/m)
    expect(text).toMatch(/^wild_http_requests_total\{surface="rest",method="GET",status="404"\} [1-9]/m)
    expect(text).toMatch(/^wild_instance_status\{instance="home",status="\w+"\} 1$/m)
    expect(text).toContain('process_resident_memory_bytes')
    expect(text).not.toContain('never-heard-of')
    if (existsSync('/proc/self/io')) expect(text).toMatch(/^wild_disk_written_bytes \d+$/m)
  })
})

describe('the status', () => {
  it('tells disk and memory of the device', async () => {
    const { device } = (await daemon.rest('GET', '/status')).body.data
    expect(device.disk_total).toBeGreaterThan(device.disk_free)
    expect(device.memory_total).toBeGreaterThan(device.memory_free)
    const { stdout } = await cli('status')
    expect(stdout).toMatch(/Disk: +[\d.]+ \wB of [\d.]+ \wB free/)
  })
})

describe('the log', () => {
  it('holds each request with the id that its answer carries', async () => {
    const { headers } = await daemon.rest('PUT', '/instances/home/config', { path: 'cluster.name', value: 'one' })
    const { lines } = (await daemon.rest('GET', '/logs?lines=50')).body.data
    const line = lines.find(
      (each: { fields: { request?: string } }) => each.fields.request === headers.get('x-request-id'),
    )
    expect(line).toMatchObject({
      level: 'info',
      message: 'request',
      fields: { method: 'PUT', path: '/api/v1/instances/home/config', status: 200 },
    })
  })

  it('takes the id of a program in front of the daemon, unless it is no id', async () => {
    expect(
      (await daemon.rest('GET', '/health', undefined, { 'x-request-id': 'proxy-1' })).headers.get('x-request-id'),
    ).toBe('proxy-1')
    const odd = await daemon.rest('GET', '/health', undefined, { 'x-request-id': 'a b"c' })
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is followed live', async () => {
    const abort = new AbortController()
    const response = await fetch(`${daemon.url}/api/v1/logs/follow?level=info`, { signal: abort.signal })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let heard = (await reader.read()).value!
    await daemon.rest('PUT', '/instances/home/config', { path: 'cluster.name', value: 'two' })
    while (!heard.includes('"PUT"')) heard += (await reader.read()).value
    abort.abort()
    expect(heard).toMatch(/^event: item$/m)
  })

  it.each([
    ['lines=0', 'lines'],
    ['lines=many', 'lines'],
    ['level=loud', 'level'],
  ])('refuses %s naming the field', async (query, field) => {
    const { status, body } = await daemon.rest('GET', `/logs?${query}`)
    expect([status, body.error.details.field]).toEqual([400, field])
  })

  it('is printed by the command line, and leaves out what does not parse', async () => {
    appendFileSync(join(daemon.data, 'logs/wildd.log'), 'half a li\n')
    const { code, stdout } = await cli('daemon', 'logs', '-n', '5')
    expect(code).toBe(0)
    expect(stdout).toMatch(/INFO {2}request request=/)
    expect(stdout).not.toContain('half a li')
  })
})

describe('the audit trail', () => {
  it('notes who changed what, through which door, and what was refused; never a value', async () => {
    await daemon.rest('PUT', '/instances/home/secrets', { path: 'cloudflare.token', value: 'canary-value-1234' })
    await daemon.rest('DELETE', '/instances/home/config?path=not.there')
    await cli('config', 'set', 'cloud.domain', 'cloud.example.com', '-i', 'home')
    const { entries } = (await daemon.rest('GET', '/audit?instance=home')).body.data
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'setSecret', door: 'api', instance: 'home', key: 'cloudflare.token' }),
    )
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'deleteConfig', key: 'not.there', failed: 'NOT_FOUND' }),
    )
    expect(entries).toContainEqual(expect.objectContaining({ action: 'setConfig', door: 'cli', key: 'cloud.domain' }))
    expect(JSON.stringify(entries)).not.toContain('canary-value-1234')
    expect((await cli('daemon', 'audit', '-i', 'home')).stdout).toContain('deleteConfig')
  })
})

describe('the settings of the daemon', () => {
  it('are set, shown, compared and restored; what has its own door stays', async () => {
    expect((await cli('daemon', 'settings', 'set', 'trash.keepDays', '60')).code).toBe(0)
    const yaml = () => readFileSync(join(daemon.data, 'central.yaml'), 'utf8')
    expect(yaml()).toMatch(/keepDays: 60/)
    expect((await cli('daemon', 'settings', 'list')).stdout).toMatch(/trash\.keepDays +60 +30/)
    await cli('daemon', 'settings', 'set', 'trash.keepDays', '90')
    const { versions } = (await daemon.rest('GET', '/settings/history')).body.data
    expect(versions[0]).toMatchObject({
      via: 'cli',
      reason: 'daemon settings set trash.keepDays',
      keys: ['trash.keepDays'],
    })
    await daemon.rest('POST', '/instances', { name: 'second' })
    await daemon.rest('POST', '/context', { instance: 'second' })
    expect((await cli('daemon', 'settings', 'diff', `${versions[1].version}`)).stdout).toMatch(
      /-.*keepDays: 60\n.*\+.*keepDays: 90/s,
    )
    expect((await cli('daemon', 'settings', 'restore', `${versions[1].version}`)).code).toBe(0)
    expect(yaml()).toMatch(/context: second/)
    expect(yaml()).toMatch(/keepDays: 60/)
    expect((await cli('daemon', 'settings', 'unset', 'trash.keepDays')).code).toBe(0)
    expect(yaml()).not.toMatch(/keepDays: 60/)
  })

  it.each([
    ['trash.keepDays', 0, 'trash.keepDays'],
    ['trash.keepDays', '"soon"', 'trash.keepDays'],
    ['nothing.known', 1, 'key'],
    ['dnsmasq.port', 53, 'key'],
  ])('refuse %s = %s and leave the file as it is', async (key, value, field) => {
    const before = readFileSync(join(daemon.data, 'central.yaml'), 'utf8')
    const { status, body } = await daemon.rest('PUT', '/settings', { key, value })
    expect([status, body.error.details.field]).toEqual([400, field])
    expect(readFileSync(join(daemon.data, 'central.yaml'), 'utf8')).toBe(before)
  })

  it('say which key makes no sense when somebody broke the file, and can be mended by hand', async () => {
    const path = join(daemon.data, 'central.yaml')
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, `${before}operations:\n  keep: plenty\n`)
    const { status, body } = await daemon.rest('GET', '/settings')
    expect([status, body.error.details.field]).toEqual([422, 'operations.keep'])
    expect((await cli('daemon', 'settings', 'unset', 'operations.keep')).code).toBe(0)
    expect((await daemon.rest('GET', '/settings')).status).toBe(200)
    const { versions } = (await daemon.rest('GET', '/settings/history')).body.data
    expect(versions.some(({ via }: { via: string }) => via === 'file')).toBe(true)
  })
})
