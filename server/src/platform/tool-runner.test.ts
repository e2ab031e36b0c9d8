import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { lineSplitter } from './line-splitter.ts'
import { createMasker } from './masking.ts'
import type { ToolCall } from './run-tool.ts'
import { createToolRunner, type ToolListener } from './tool-runner.ts'

const folder = mkdtempSync(join(tmpdir(), 'wild-tools-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function runner(options: { secrets?: string[]; listener?: ToolListener; graceMs?: number } = {}) {
  const lines: string[] = []
  const listener = options.listener ?? { line: (_stream, text) => void lines.push(text) }
  const run = createToolRunner({ masker: createMasker(options.secrets), listener, graceMs: options.graceMs })
  const sh = (script: string, rest: Partial<ToolCall> = {}) => run({ tool: 'sh', args: ['-c', script], ...rest })
  const node = (script: string, rest: Partial<ToolCall> = {}) => run({ tool: 'node', args: ['-e', script], ...rest })
  return { run, sh, node, lines }
}

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

/** A signal that aborts when the tool says `word`, and the lines heard. */
function abortOn(word: string) {
  const abort = new AbortController()
  const lines: string[] = []
  const listener: ToolListener = {
    line(_stream, text) {
      lines.push(text)
      if (text.startsWith(word)) abort.abort(new Error('stopped by the test'))
    },
  }
  return { abort, lines, listener }
}

describe('a tool that does not end', () => {
  it('is ended at its time limit, with everything it started', async () => {
    const { sh, lines } = runner()
    const error = await sh('sleep 1000 & echo $!; wait', { timeoutMs: 300 }).catch((failure) => failure)
    expect(error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('was ended') })
    expect(isAlive(Number(lines[0]))).toBe(false)
  })

  it('is killed after the grace when it ignores SIGTERM', async () => {
    const { abort, lines, listener } = abortOn('ready')
    const { node } = runner({ listener, graceMs: 200 })
    const script = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready ' + process.pid)`
    await expect(node(script, { signal: abort.signal })).rejects.toThrow('stopped by the test')
    expect(isAlive(Number(lines[0]!.split(' ')[1]))).toBe(false)
  })

  it('is not waited for when a grandchild left the group and keeps the output open', async () => {
    const { abort, lines, listener } = abortOn('left')
    const { sh } = runner({ listener, graceMs: 100 })
    try {
      const run = sh("setsid sh -c 'echo left $$; exec sleep 30' & wait", { signal: abort.signal })
      await expect(run).rejects.toThrow('stopped by the test')
    } finally {
      const pid = Number(lines[0]?.split(' ')[1])
      if (pid) process.kill(pid, 'SIGKILL')
    }
  })

  it('says which signal ended it from outside', async () => {
    const { sh } = runner()
    const error = await sh('kill -9 $$').catch((failure) => failure)
    expect(error).toMatchObject({ code: 'TOOL_FAILED', details: { tool: 'sh', signal: 'SIGKILL' } })
    expect(error.message).toContain('was ended from outside (SIGKILL)')
  })
})

describe('output', () => {
  it('of 5 MB on stderr with exit 1 becomes a short error', async () => {
    const { node } = runner()
    const script = `process.stderr.write('why it failed\\n' + 'x'.repeat(79).concat('\\n').repeat(65536) + 'the end'); process.exitCode = 1`
    const error = await node(script).catch((failure) => failure)
    expect(error).toMatchObject({ code: 'TOOL_FAILED', details: { exit_code: 1 } })
    expect(JSON.stringify(error.details).length).toBeLessThan(10_000)
    expect(error.details.output).toMatch(/the end$/)
  })

  it('that is not UTF-8 is shown with replacement characters', async () => {
    const { node, lines } = runner()
    await node(`process.stdout.write(Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x28, 0x0a, 0x62]))`)
    expect(lines).toEqual(['a\uFFFD\uFFFD\uFFFD(', 'b'])
  })

  it('in one line of 10 MB is cut and the next line is whole again', async () => {
    const { node, lines } = runner()
    await node(`process.stdout.write('y'.repeat(10 * 1024 * 1024) + '\\nnext\\n')`)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^y{16384} … \(line cut\)$/)
    expect(lines[1]).toBe('next')
  })

  it('never shows part of a secret where a line or an error is cut', async () => {
    const secret = 'Zq9-long-secret-value-Zq9'
    const { node, lines } = runner({ secrets: [secret] })
    for (let offset = -30; offset <= 5; offset++) lines.push(...linesOf(secret, 16_384 + offset))
    expect(lines.join('\n')).not.toMatch(/Zq9|secret/)
    const script = `process.stderr.write(process.argv[1].repeat(3000)); process.exitCode = 1`
    const run = createToolRunner({ masker: createMasker([secret]) })
    const error = await run({ tool: 'node', args: ['-e', script, `x${secret}`] }).catch((failure) => failure)
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/Zq9|secret-value/)
    await node('0')
  })

  it('hides a secret that comes in two chunks or on two lines', () => {
    const secret = 'first-half/second-half'
    for (const chunks of [
      ['x first-ha', 'lf/second-half y\n'],
      ['x first-half', '/seco', 'nd-half y\n'],
    ])
      expect(split(secret, chunks)).toEqual(['x *** y'])
    expect(split(secret, ['x first-half/', '\nsecond-half y\n'])).toEqual(['x *** y'])
    expect(split(secret, ['x first-half/\r', '\nsecond-half y\n'])).toEqual(['x *** y'])
    expect(split(secret, ['x first-half/sec'])).toEqual(['x ***'])
  })

  it('has no empty lines where a line break comes in two chunks', () => {
    expect(split('unused-secret', ['a\r', '\nb\n', '\nc\r', 'd'])).toEqual(['a', 'b', '', 'c', 'd'])
  })
})

describe('a listener that cannot write', () => {
  it('ends the command and its error is the outcome', async () => {
    const failure = Object.assign(new Error('full'), { code: 'ENOSPC' })
    let pid = 0
    const { sh } = runner({
      listener: {
        spawned(_call, id) {
          pid = id
        },
        line() {
          throw failure
        },
      },
    })
    await expect(sh('echo one; sleep 1000')).rejects.toBe(failure)
    expect(isAlive(pid)).toBe(false)
  })
})

describe('a tool that cannot be started', () => {
  it('is an error with its name', async () => {
    const file = join(folder, 'broken')
    writeFileSync(file, '#!/no/such/interpreter\n')
    chmodSync(file, 0o755)
    const run = createToolRunner({ masker: createMasker() })
    const error = await run({ tool: file, args: [] }).catch((failure) => failure)
    expect(error.code).toMatch(/TOOL_/)
  })
})

function split(secret: string, chunks: string[]): string[] {
  const lines: string[] = []
  const splitter = lineSplitter(createMasker([secret]), (line) => lines.push(line))
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return lines
}

/** A very long line with a secret `at` a place near where it is cut. */
function linesOf(secret: string, at: number): string[] {
  return split(secret, ['y'.repeat(at), secret, 'y'.repeat(200_000), '\n'])
}
