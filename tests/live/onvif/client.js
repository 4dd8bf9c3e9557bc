// SPDX-License-Identifier: Apache-2.0
'use strict';
/*
 * A client of ONVIF that is not ours adds the cameras of a running service, as a video management system
 * does; TAP output. usage: client.js HTTP_PORT HTTPS_PORT ADDRESS USER PASSWORD CERTIFICATE
 * ADDRESS: ours in the network, where discovery finds the service; "": there is no network.
 */
const { execFileSync } = require('child_process');
const fs = require('fs');
const { Cam, Discovery } = require('onvif');

const [port, securePort, address, username, password, certificate] = process.argv.slice(2);
let count = 0;

const call = (cam, method, ...rest) => new Promise((resolve, reject) =>
    cam[method](...rest, (error, answer) => error ? reject(error) : resolve(answer)));

const connect = (options) => new Promise((resolve, reject) => {
    const cam = new Cam({ hostname: '127.0.0.1', port: Number(port), username, password, timeout: 10000, ...options },
        (error) => error ? reject(error) : resolve(cam));
});

const probe = () => new Promise((resolve, reject) =>
    Discovery.probe({ timeout: 2000, resolve: false }, (error, found) => error ? reject(error) : resolve(found)));

function check(holds, what) {
    if (!holds)
        throw new Error(what);
}

function same(got, want) {
    check(JSON.stringify(got) === JSON.stringify(want), `${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
}

async function refused(promise, words) {
    const error = await promise.then(() => null, (reason) => reason);
    check(error, 'it was not refused');
    check(error.message.includes(words), error.message);
}

async function test(name, body) {
    count++;
    try {
        await body();
        console.log(`ok ${count} - ${name}`);
    } catch (error) {
        console.log(`# ${String(error.stack || error).split('\n').join('\n# ')}`);
        console.log(`not ok ${count} - ${name}`);
        process.exitCode = 1;
    }
}

/* What ffprobe says of the first video stream at a URL. */
function ffprobe(url, options = []) {
    return JSON.parse(execFileSync('ffprobe', ['-v', 'error', ...options, '-select_streams', 'v', '-show_streams',
        '-of', 'json', url], { timeout: 30000 })).streams[0];
}

const withUser = (uri) => uri.replace('://', `://${username}:${password}@`);

async function discovery() {
    if (!address) {
        console.log(`ok ${++count} - discovery finds the service # SKIP there is no network for multicast`);
        return;
    }
    await test('discovery finds the service', async () => {
        const found = (await probe()).map((answer) => answer.probeMatches.probeMatch)
            .find((match) => match.XAddrs.includes(`:${port}/`));
        check(found, 'it does not');
        same(found.XAddrs, `http://${address}:${port}/onvif/device_service`);
        check(/^urn:uuid:[0-9a-f-]{36}$/.test(found.endpointReference.address), found.endpointReference.address);
        for (const scope of ['Profile/Streaming', 'type/video_encoder', 'name/Test%20%26%20gate', 'hardware/bauta-live'])
            check(found.scopes.split(' ').includes(`onvif://www.onvif.org/${scope}`), found.scopes);
    });
    await test('a client that was told the address by discovery connects', async () => {
        const cam = await connect({ hostname: address });
        same((await call(cam, 'getStreamUri', { protocol: 'RTSP' })).uri.split('/')[2].split(':')[0], address);
    });
}

async function passwords() {
    /* The library calls a camera connected whose time it could read: what matters is what it can see. */
    for (const [name, words, options] of [
        ['a wrong password', 'not authorized', { password: 'wrong' }],
        ['an unknown user', 'not authorized', { username: 'nobody' }],
        ['a wrong password by HTTP digest', 'Digest authentication failed', { password: 'wrong', useWSSecurity: false }],
        ['no password', 'Digest authentication failed', { username: undefined, password: undefined }],
    ])
        await test(`${name} sees nothing`, async () => {
            const cam = await connect(options).catch((error) => ({ profiles: [], error }));
            same(cam.profiles, []);
            if (!cam.error)
                await refused(call(cam, 'getDeviceInformation'), words);
        });
    await test('a right password by HTTP digest sees the cameras', async () =>
        same((await connect({ useWSSecurity: false })).profiles.length, 3));
}

async function device(cam) {
    await test('the device says what it is', async () => {
        const information = await call(cam, 'getDeviceInformation');
        same([information.manufacturer, information.model], ['Bauta', 'bauta-live']);
        check(/^\d+\.\d+\.\d+$/.test(information.firmwareVersion), information.firmwareVersion);
    });
    await test('the device says what it can', async () => {
        const capabilities = await call(cam, 'getCapabilities');
        same(capabilities.media.XAddr, `http://127.0.0.1:${port}/onvif/media_service`);
        same(capabilities.media.streamingCapabilities.RTP_RTSP_TCP, true);
        same((await call(cam, 'getServiceCapabilities')).security.UsernameToken, true);
        same((await call(cam, 'getHostname')).name.length > 0, true);
        same((await call(cam, 'getScopes')).length, 5);
    });
    await test('what cannot be done is refused', async () => {
        await refused(call(cam, 'setNTP', { fromDHCP: false }), 'not supported');
        await refused(call(cam, 'getStreamUri', { protocol: 'RTSP', profileToken: 'other' }), 'no profile');
    });
}

async function media(cam, kind) {
    await test(`${kind}: the profiles are the streams`, async () => {
        const profiles = await call(cam, 'getProfiles');
        same(profiles.map((profile) => profile.$.token), ['front-main', 'front-sub', 'back-main']);
        const encoders = profiles.map((profile) => profile.videoEncoderConfiguration || {});
        same(encoders.map((encoder) => encoder.encoding), ['H264', 'H264', kind === 'media2' ? 'H265' : undefined]);
        same(encoders[0].resolution, { width: 320, height: 240 });
        same(encoders[1].resolution, { width: 160, height: 120 });
        same((await call(cam, 'getVideoSources')).map((source) => source.$.token), ['front', 'back']);
        same((await call(cam, 'getVideoSourceConfigurations')).map((one) => one.sourceToken), ['front', 'back']);
        same((await call(cam, 'getVideoEncoderConfigurations')).length, kind === 'media2' ? 3 : 2);
        await call(cam, 'getVideoEncoderConfigurationOptions', { configurationToken: 'front-main' });
    });
    for (const [token, codec, width] of [['front-main', 'h264', 320], ['front-sub', 'h264', 160], ['back-main', 'hevc', 320]])
        await test(`${kind}: the stream of ${token} plays`, async () => {
            const { uri } = await call(cam, 'getStreamUri', { protocol: 'RTSP', profileToken: token });
            const stream = ffprobe(withUser(uri), ['-rtsp_transport', 'tcp']);
            same([stream.codec_name, stream.width], [codec, width]);
        });
    await test(`${kind}: the snapshot is a picture`, async () => {
        const { uri } = await call(cam, 'getSnapshotUri', { profileToken: 'front-main' });
        const arguments_ = ['-s', '-f', '--digest', '-u', `${username}:${password}`, '-o', 'snapshot.jpg', uri];
        execFileSync('curl', arguments_, { timeout: 10000 });
        const stream = ffprobe('snapshot.jpg');
        same([stream.codec_name, stream.width], ['mjpeg', 320]);
        fs.unlinkSync('snapshot.jpg');
    });
}

async function main() {
    await discovery();
    await passwords();
    let cam = null;
    await test('a right password connects', async () => {
        cam = await connect({});
        same(cam.activeSources.map((source) => source.profileToken), ['front-main', 'back-main']);
    });
    if (cam) {
        await device(cam);
        await media(cam, 'media2');
        cam.media2Support = false; /* as older clients are */
        await media(cam, 'media');
    }
    await test('over HTTPS all addresses are HTTPS', async () => {
        const secure = await connect({ useSecure: true, port: Number(securePort), hostname: 'localhost',
            secureOpts: { ca: fs.readFileSync(certificate) } });
        check((await call(secure, 'getSnapshotUri', {})).uri.startsWith(`https://localhost:${securePort}/`), 'they are not');
    });
    console.log(`1..${count}`);
}

main();
