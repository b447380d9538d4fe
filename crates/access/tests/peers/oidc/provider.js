// A real OpenID Connect provider with some people, for the tests of the crates `access`, `sanmon` and `web`.
//
//   node provider.js PORT REDIRECT_URI
//
// Prints "listening" once it answers at http://localhost:PORT. Its sign-in page asks for login and password, and for a code
// from those who have one.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [port, redirectUri] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;

const people = {
  hanako: {
    password: '朝の市場',
    code: '123456',
    claims: {
      name: '見本 花子',
      email: 'hanako@example.lg.jp',
      email_verified: true,
      employee_number: 'P0104',
      groups: ['csirt'],
    },
  },
  taro: {
    password: '夕の鐘',
    claims: {
      name: '見本 太郎',
      email: 'taro@example.lg.jp',
      email_verified: false,
      employee_number: 'P0105',
      groups: [],
    },
  },
  kacho: {
    password: '昼の鐘',
    code: '654321',
    claims: { name: '見本 次郎', employee_number: 'P0003', groups: [] },
  },
  stranger: { password: '夜の雨', claims: { name: '他市 三郎', employee_number: 'P9999', groups: [] } },
  guest: { password: '昼の月', claims: { name: '来訪者' } },
};

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'sanmon',
    client_secret: 'a secret of the test',
    redirect_uris: [redirectUri],
    response_types: ['code'],
    grant_types: ['authorization_code'],
  }],
  claims: {
    openid: ['sub', 'acr', 'amr', 'auth_time'],
    profile: ['name', 'employee_number', 'groups'],
    email: ['email', 'email_verified'],
  },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['a key of the test'] },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id].claims }) }),
  // Consent of its own staff is not asked for.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
});

const page = (uid) => `<!doctype html><html lang="ja"><title>認証サーバー</title>
<form method="post" action="/interaction/${uid}">
<label>利用者ID <input name="login"></label> <label>パスワード <input name="password" type="password"></label>
<label>コード <input name="code"></label> <button>サインイン</button></form></html>`;

async function interact(request, response) {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return response.end(page(uid));
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const login = form.get('login');
  const person = people[login];
  if (!person || person.password !== form.get('password')) {
    return provider.interactionFinished(request, response, { error: 'access_denied' });
  }
  const second = person.code && person.code === form.get('code');
  const amr = second ? ['pwd', 'otp', 'mfa'] : ['pwd'];
  return provider.interactionFinished(request, response, { login: { accountId: login, amr } });
}

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  interact(request, response).catch((error) => {
    response.statusCode = 400;
    response.end(String(error));
  });
}).listen(Number(port), 'localhost', () => console.log('listening'));
