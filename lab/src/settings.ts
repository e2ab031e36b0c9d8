import { dirname, join, resolve } from 'node:path'

/** How this lab was told to run. */
export interface LabSettings {
  /** First three numbers of the simulated /24, e.g. `127.77.0`. */
  prefix: string
  /** The router's address: mirror and image factory are served here. */
  gateway: string
  mirrorPort: number
  machines: number
  speed: number
  /** Where the lab keeps its files. */
  directory: string
  socket: string
  /** Folder of mirrored files: HOST/PATH. */
  mirrorDirectory: string
  /** Stand-ins for programs inside of images. */
  containerBin: string
}

/** A reason why the lab cannot start, in one line for a person. */
export class LabError extends Error {}

const MIRROR_PORT = 8780
const MOST_MACHINES = 50
/** sockaddr_un holds 108 bytes with the closing zero. */
const LONGEST_SOCKET_PATH = 107

/** Reads the lab's settings from the environment. Throws LabError naming the variable that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv, labFolder: string): LabSettings {
  const data = env.WILD_CENTRAL_DATA
  if (!data) throw new LabError('WILD_CENTRAL_DATA is not set: name the folder where the lab may keep its state')
  const directory = join(resolve(data), 'lab')
  const socket = env.WILD_LAB_SOCKET ? resolve(env.WILD_LAB_SOCKET) : join(directory, 'lab.sock')
  if (Buffer.byteLength(socket) > LONGEST_SOCKET_PATH) {
    throw new LabError(
      `the socket path ${socket} is longer than ${LONGEST_SOCKET_PATH} bytes: set WILD_LAB_SOCKET to a shorter one`,
    )
  }
  const prefix = readNetwork(env.WILD_LAB_NET)
  return {
    prefix,
    gateway: `${prefix}.1`,
    mirrorPort: MIRROR_PORT,
    machines: readNumber(
      'WILD_LAB_MACHINES',
      env.WILD_LAB_MACHINES,
      3,
      (value) => Number.isInteger(value) && value <= MOST_MACHINES,
    ),
    speed: readNumber('WILD_LAB_SPEED', env.WILD_LAB_SPEED, 1, () => true),
    directory,
    socket,
    mirrorDirectory: join(labFolder, 'mirror'),
    containerBin: join(labFolder, 'bin', 'container'),
  }
}

/** The file in which stand-ins of a lab note their calls: beside its socket. */
export const commandLogOf = (socket: string): string => join(dirname(socket), 'commands.log')

function readNetwork(text = '127.77.0.0/24'): string {
  const match = /^(127\.\d{1,3}\.\d{1,3})\.0\/24$/.exec(text)
  if (!match || match[1]!.split('.').some((part) => Number(part) > 255)) {
    throw new LabError(`WILD_LAB_NET: "${text}" is not a /24 of loopback addresses such as 127.77.0.0/24`)
  }
  return match[1]!
}

function readNumber(
  name: string,
  text: string | undefined,
  fallback: number,
  allowed: (value: number) => boolean,
): number {
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0 || !allowed(value))
    throw new LabError(`${name}: "${text}" is not a usable number`)
  return value
}
