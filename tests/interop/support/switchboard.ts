import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import type { Programs } from './programs.ts'

export const realm = 'example.org'
export const password = 'right'
const users = ['adviser', 'colleague', 'resident']

/** Kamailio as a council's switchboard, with rtpengine between browsers and plain telephones. */
export interface Switchboard {
  readonly sipPort: number
  readonly ws: string
  readonly wss: string
  /** Base64 of the SHA-256 of the self-signed certificate's key, as Chromium wants it to trust it. */
  readonly certificateKeyHash: string
}

export async function startSwitchboard(programs: Programs, folder: string): Promise<Switchboard> {
  await mkdir(folder, { recursive: true })
  const [sipPort, wsPort, wssPort, mediaPort] = [
    await freePort('udp'),
    await freePort('tcp'),
    await freePort('tcp'),
    await freePort('udp'),
  ]
  const certificateKeyHash = await makeCertificate(folder)
  await writeFile(
    join(folder, 'kamailio.cfg'),
    configuration({ folder, sipPort, wsPort, wssPort, mediaPort }),
  )
  const media = programs.start('rtpengine', [
    '--config-file=none',
    '--table=-1',
    '--foreground',
    '--log-stderr',
    '--log-level=4',
    '--interface=lo/127.0.0.1',
    `--listen-ng=127.0.0.1:${mediaPort}`,
    '--port-min=30000',
    '--port-max=30999',
    '--timeout=60',
  ])
  await media.listening('udp', mediaPort)
  const kamailio = programs.start('kamailio', [
    '-f',
    join(folder, 'kamailio.cfg'),
    '-DD',
    '-E',
    '-m',
    '32',
    '-M',
    '4',
    '-Y',
    folder,
    '-P',
    join(folder, 'kamailio.pid'),
  ])
  await kamailio.listening('tcp', wssPort)
  return {
    sipPort,
    ws: `ws://127.0.0.1:${wsPort}`,
    wss: `wss://127.0.0.1:${wssPort}`,
    certificateKeyHash,
  }
}

async function makeCertificate(folder: string): Promise<string> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ],
    { stdio: 'ignore' },
  )
  await writeFile(
    join(folder, 'tls.cfg'),
    `[server:default]
method = TLSv1.2+
verify_certificate = no
require_certificate = no
private_key = ${key}
certificate = ${certificate}
`,
  )
  const { publicKey } = new X509Certificate(await readFile(certificate))
  const spki = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({
    type: 'spki',
    format: 'der',
  })
  return createHash('sha256').update(spki).digest('base64')
}

interface Places {
  readonly folder: string
  readonly sipPort: number
  readonly wsPort: number
  readonly wssPort: number
  readonly mediaPort: number
}

const modules = [
  'tm',
  'sl',
  'rr',
  'pv',
  'maxfwd',
  'textops',
  'siputils',
  'usrloc',
  'registrar',
  'nathelper',
  'htable',
  'auth',
  'kex',
  'xhttp',
  'websocket',
  'tls',
  'rtpengine',
]

/**
 * What a council's switchboard does, and no more: digest (RFC 3261 §22), location by registration, Record-Route,
 * aliases of the connections that browsers came over, and media bridged where one end has no WebRTC. Two addresses
 * are for tests: `peer-PORT` is a telephone on that port of this computer, `overloaded` is refused with 503.
 */
function configuration({ folder, sipPort, wsPort, wssPort, mediaPort }: Places): string {
  const secrets = users.map((user) => {
    const ha1 = createHash('md5').update(`${user}:${realm}:${password}`).digest('hex')
    return `  $sht(secrets=>${user}) = "${ha1}";`
  })
  const both = 'trust-address replace-origin replace-session-connection'
  return `#!KAMAILIO
debug=0
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
alias="${realm}"
alias="127.0.0.1:${sipPort}"
enable_tls=yes
tcp_accept_no_cl=yes
tcp_connection_lifetime=3600
listen=udp:127.0.0.1:${sipPort}
listen=tcp:127.0.0.1:${wsPort}
listen=tls:127.0.0.1:${wssPort}
${modules.map((name) => `loadmodule "${name}.so"`).join('\n')}
modparam("tls", "config", "${join(folder, 'tls.cfg')}")
modparam("usrloc", "db_mode", 0)
modparam("registrar", "max_contacts", 3)
modparam("registrar", "received_avp", "$avp(received)")
modparam("nathelper", "received_avp", "$avp(received)")
modparam("nathelper", "sipping_from", "sip:ping@${realm}")
modparam("rr", "enable_double_rr", 1)
modparam("tm", "fr_timer", 10000)
modparam("tm", "fr_inv_timer", 60000)
modparam("htable", "htable", "secrets=>size=4;")
modparam("auth", "nonce_expire", 300)
modparam("rtpengine", "rtpengine_sock", "udp:127.0.0.1:${mediaPort}")

event_route[htable:mod-init] {
${secrets.join('\n')}
}

request_route {
  if (!mf_process_maxfwd_header("70")) { sl_send_reply("483", "Too Many Hops"); exit; }
  force_rport();
  if ($proto =~ "^ws") {
    if (is_method("REGISTER")) { fix_nated_register(); } else { add_contact_alias(); }
  }
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (has_totag()) { route(WITHIN); exit; }
  if (is_method("ACK")) { exit; }
  t_check_trans();
  if (is_method("REGISTER")) { route(REGISTER); exit; }
  if ($rU == $null) {
    if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); } else { sl_send_reply("404", "Not Found"); }
    exit;
  }
  if ($rU == "overloaded") {
    append_to_reply("Retry-After: 7\\r\\n");
    sl_send_reply("503", "Service Unavailable");
    exit;
  }
  if (is_method("INVITE") && $proto =~ "^ws" && !($rU =~ "^peer-") && !($ru =~ ";alias=")) {
    if (!pv_auth_check("${realm}", "$sht(secrets=>$au)", "1", "0")) {
      auth_challenge("${realm}", "1");
      exit;
    }
    consume_credentials();
  }
  if (is_method("INVITE|SUBSCRIBE|REFER")) { record_route(); }
  if ($ru =~ ";alias=") {
    handle_ruri_alias();
  } else if ($rU =~ "^peer-[0-9]+$") {
    $du = "sip:127.0.0.1:" + $(rU{s.select,1,-});
  } else if (!lookup("location")) {
    sl_send_reply("404", "Not Found");
    exit;
  }
  route(RELAY);
}

route[REGISTER] {
  if (!pv_www_authenticate("${realm}", "$sht(secrets=>$au)", "1")) { www_challenge("${realm}", "1"); exit; }
  if (!save("location")) { sl_reply_error(); }
}

route[WITHIN] {
  if (loose_route()) {
    if (!isdsturiset()) { handle_ruri_alias(); }
    route(RELAY);
  } else if (is_method("ACK")) {
    if (t_check_trans()) { t_relay(); }
  } else {
    sl_send_reply("404", "Not Here");
  }
}

route[RELAY] {
  # Not at BYE, by which one of two forks would take the sound of the other with it: unused media ends by itself.
  if (is_method("INVITE|UPDATE|ACK")) { route(MEDIA); }
  t_on_reply("REPLY");
  if (!t_relay()) { sl_reply_error(); }
  exit;
}

# Flag 1: a plain telephone asks a browser. Flag 2: a browser asks a plain telephone. Neither: no bridge is needed.
route[MEDIA] {
  $var(toBrowser) = 0;
  if ($du =~ "transport=ws" || ($du == $null && $ru =~ "transport=ws")) { $var(toBrowser) = 1; }
  if ($proto =~ "^ws" && $var(toBrowser) == 0) { setflag(2); route(PLAIN); }
  if (!($proto =~ "^ws") && $var(toBrowser) == 1) { setflag(1); route(BROWSER); }
}

route[PLAIN] {
  rtpengine_manage("${both} ICE=remove RTP/AVP rtcp-mux-demux");
}

route[BROWSER] {
  rtpengine_manage("${both} ICE=force UDP/TLS/RTP/SAVPF rtcp-mux-offer rtcp-mux-require generate-mid SDES-off");
}

onreply_route[REPLY] {
  if ($proto =~ "^ws") { add_contact_alias(); }
  if (has_body("application/sdp")) {
    if (isflagset(1)) { route(PLAIN); }
    if (isflagset(2)) { route(BROWSER); }
  }
}

event_route[xhttp:request] {
  if ($hdr(Upgrade) =~ "websocket" && $rm =~ "GET") {
    if (ws_handle_handshake()) { exit; }
  }
  xhttp_reply("404", "Not Found", "", "");
}
`
}
