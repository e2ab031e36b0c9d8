import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startLab } from './lab.ts'
import { readSettings } from './settings.ts'
import { startTestLab } from './test-lab/start.ts'

const settings = (env: NodeJS.ProcessEnv) => readSettings({ WILD_CENTRAL_DATA: '/tmp/somewhere', ...env }, '/lab')

it('names the variable that is wrong', () => {
  expect(() => readSettings({}, '/lab')).toThrow('WILD_CENTRAL_DATA is not set')
  expect(() => settings({ WILD_LAB_NET: '192.168.8.0/24' })).toThrow(
    'WILD_LAB_NET: "192.168.8.0/24" is not a /24 of loopback addresses',
  )
  expect(() => settings({ WILD_LAB_NET: '127.77.300.0/24' })).toThrow('WILD_LAB_NET')
  expect(() => settings({ WILD_LAB_SPEED: 'fast' })).toThrow('WILD_LAB_SPEED: "fast" is not a usable number')
  expect(() => settings({ WILD_LAB_MACHINES: '1.5' })).toThrow('WILD_LAB_MACHINES')
  expect(() => settings({ WILD_LAB_SOCKET: `/${'x'.repeat(120)}` })).toThrow('longer than 107 bytes')
})

it('has three machines on 127.77.0.0/24 in real time unless told otherwise', () => {
  expect(settings({})).toMatchObject({
    prefix: '127.77.0',
    gateway: '127.77.0.1',
    machines: 3,
    speed: 1,
    socket: '/tmp/somewhere/lab/lab.sock',
  })
})

it('says in one line that its addresses or its socket are taken', async () => {
  const first = await startTestLab()
  const data = mkdtempSync(join(tmpdir(), 'wild-lab-'))
  const env = { ...first.env, WILD_CENTRAL_DATA: data, WILD_LAB_SOCKET: undefined }
  await expect(startLab(readSettings(env, '/lab'))).rejects.toThrow(
    /^127\.\d+\.\d+\.1:8780 is taken: another lab runs there, or choose another WILD_LAB_NET$/,
  )
  const second = await startTestLab(100)
  await second.close()
  await expect(startLab({ ...second.settings, directory: data, socket: first.settings.socket })).rejects.toThrow(
    'another lab runs there',
  )
  await first.close()
  rmSync(data, { recursive: true })
})

it('takes over the socket file that a killed lab left behind', async () => {
  const lab = await startTestLab()
  await lab.lab.close()
  writeFileSync(lab.settings.socket, '')
  await lab.restart()
  expect((await lab.ask('GET', '/state')).body).toMatchObject({
    machines: [{ number: 1 }, { number: 2 }, { number: 3 }],
  })
  await lab.close()
})
