import { startLab } from '../lab.ts'
import { readSettings } from '../settings.ts'

/** A lab without Kubernetes as a process of its own, for tests that kill it. */
const lab = await startLab(readSettings(process.env, import.meta.dirname))
process.stdout.write('ready\n')
process.on('SIGTERM', () => void lab.close().then(() => process.exit(0)))
