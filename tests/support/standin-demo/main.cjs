// A small Electron app that touches each part of Electron the product uses. It knows nothing of the stand-in.
const {
  app,
  BrowserWindow,
  ipcMain,
  net,
  protocol,
  safeStorage,
  session,
  utilityProcess,
} = require('electron')
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const CSP = "default-src 'self'; connect-src 'self' ws://127.0.0.1:* http://127.0.0.1:*"

// What tests look at and change, through app.evaluate.
const demo = {
  allowMicrophone: true,
  allowNetwork: true,
  vetoClose: false,
  vetoQuit: false,
  events: [],
  permissions: [],
  opened: [],
}
globalThis.demo = demo

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
])

function createWindow(show) {
  const window = new BrowserWindow({
    show,
    width: 900,
    height: 700,
    webPreferences: { preload: join(__dirname, 'preload.cjs'), sandbox: true, contextIsolation: true },
  })
  const { webContents } = window
  for (const name of ['close', 'closed', 'show', 'ready-to-show', 'resize']) {
    window.on(name, () => demo.events.push(name))
  }
  window.on('close', (event) => demo.vetoClose && event.preventDefault())
  webContents.setWindowOpenHandler(({ url }) => {
    demo.opened.push(url)
    return { action: 'deny' }
  })
  webContents.on('will-navigate', (event, url) => {
    demo.events.push(`will-navigate ${url}`)
    if (!url.startsWith('app://bundle/second')) event.preventDefault()
  })
  webContents.on('render-process-gone', (_event, { reason }) => demo.events.push(`gone ${reason}`))
  webContents.on('did-finish-load', () => demo.events.push('did-finish-load'))
  return window
}

function handleMessages() {
  ipcMain.handle('echo', (_event, value) => value)
  ipcMain.handle('sender', (event) => ({
    url: event.senderFrame.url,
    isMainFrame: event.senderFrame === event.sender.mainFrame,
  }))
  ipcMain.handle('fail', () => {
    throw new TypeError('no such resident')
  })
  ipcMain.on('ping', (event, count) => event.reply('pong', count + 1))
  ipcMain.handle('keep secret', (_event, text) => {
    writeFileSync(join(app.getPath('userData'), 'secret'), safeStorage.encryptString(text))
  })
  ipcMain.handle('read secret', () => {
    const path = join(app.getPath('userData'), 'secret')
    return existsSync(path) ? safeStorage.decryptString(readFileSync(path)) : null
  })
  ipcMain.handle('ask utility', (_event, question) => {
    const child = utilityProcess.fork(join(__dirname, 'utility.cjs'), ['--demo'], { serviceName: 'demo' })
    child.postMessage(question)
    return new Promise((resolve) => {
      child.once('message', (answer) => {
        child.kill()
        child.once('exit', (code) => resolve({ answer, code }))
      })
    })
  })
}

function guardSession() {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, permission, callback, details) => {
    demo.permissions.push({ permission, url: details.requestingUrl, mediaTypes: details.mediaTypes })
    callback(
      permission === 'media' ? demo.allowMicrophone : permission.includes('network') && demo.allowNetwork,
    )
  })
  defaultSession.setPermissionCheckHandler(() => false)
}

app.on('before-quit', (event) => {
  demo.events.push('before-quit')
  if (demo.vetoQuit) event.preventDefault()
})
app.on('window-all-closed', () => app.quit())
app.on('second-instance', (_event, argv) => demo.events.push(`second-instance ${argv.at(-1)}`))

if (!app.requestSingleInstanceLock()) {
  app.exit(3)
} else {
  app.whenReady().then(async () => {
    protocol.handle('app', async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/api') return Response.json({ method: request.method, body: await request.text() })
      const file = await net.fetch(pathToFileURL(join(__dirname, 'pages', pathname)).href)
      const headers = new Headers(file.headers)
      headers.set('content-security-policy', CSP)
      return new Response(file.body, { headers })
    })
    handleMessages()
    guardSession()
    demo.window = createWindow(true)
    demo.hidden = createWindow(false)
    await Promise.all([
      demo.window.loadURL('app://bundle/index.html'),
      demo.hidden.loadURL('app://bundle/hidden.html'),
    ])
    process.stdout.write('demo is up\n')
  })
}
