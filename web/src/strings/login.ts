import { inLanguage } from './language.ts'

/** Where the daemon's token is asked for. */
export const login = inLanguage({
  en: {
    title: 'This daemon wants its token',
    about: 'It was shown on its console when it started first. Lost it? On the device itself, this makes a new one:',
    token: 'Token',
    wrong: 'The token this browser has is not the right one.',
    go: 'Log in',
  },
})
