// What the tests need from Debian: real clients and a real browser, none of them ours.
import { spawnSync } from 'node:child_process';
import { run, told } from './prepare.mjs';

const PACKAGES = [
  'ffmpeg',
  'chromium',
  'ghostscript',
  'onvif-tools',
  'iproute2',
  'gstreamer1.0-tools',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-ugly',
  'gstreamer1.0-libav',
  'python3-gi',
  'gir1.2-gst-rtsp-server-1.0',
];

/** Installs what is missing as root; otherwise throws with the command that somebody who may must run. */
export async function installDebianPackages() {
  const missing = PACKAGES.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid() !== 0) throw new Error(`Tests need packages of Debian. Run:\n\n  sudo ${command}\n`);
  told('debian', missing.join(' '));
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, failure: `Could not run: ${command}` };
  await run('apt-get', ['update', '-q'], options);
  await run('apt-get', command.split(' ').slice(1), options);
  const absent = missing.filter((name) => !isInstalled(name));
  if (absent.length > 0) throw new Error(`apt-get ended well, but these are not installed: ${absent.join(' ')}`);
}

function isInstalled(name) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return stdout === 'installed';
}
