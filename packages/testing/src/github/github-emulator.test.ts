import { describe, expect, it } from 'vitest';
import { json } from './answer.ts';
import { type GithubEmulator, withGithub } from './github-emulator.ts';

/** Asks the API as somebody who may write. */
async function ask({ env, token }: GithubEmulator, method: string, path: string, body?: unknown) {
  const response = await fetch(`${env.GITHUB_API_URL}/repos/octo/app${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, value: (await response.json()) as Record<string, unknown> };
}

describe('the GitHub emulator', () => {
  it('keeps drafts from those who may not write, and shows a release once it is published', async () => {
    await withGithub({}, async (github) => {
      const { value } = await ask(github, 'POST', '/releases', { tag_name: 'v1.0.0', draft: true });
      const anonymous = () => fetch(`${github.env.GITHUB_API_URL}/repos/octo/app/releases/tags/v1.0.0`);
      expect((await anonymous()).status).toBe(404);
      await ask(github, 'PATCH', `/releases/${value['id']}`, { draft: false });
      expect((await anonymous()).status).toBe(200);
      expect(await ask(github, 'POST', '/releases', { tag_name: 'v1.0.0' })).toMatchObject({
        status: 422,
        value: { errors: [{ code: 'already_exists', field: 'tag_name' }] },
      });
    });
  });

  it('replaces a file on a branch for who names the blob that is there', async () => {
    await withGithub({}, async (github) => {
      const { value: tree } = await ask(github, 'POST', '/git/trees', {
        tree: [{ path: 'README.md', mode: '100644', type: 'blob', content: 'channels' }],
      });
      const { value: commit } = await ask(github, 'POST', '/git/commits', { message: 'first', tree: tree['sha'] });
      await ask(github, 'POST', '/git/refs', { ref: 'refs/heads/main', sha: commit['sha'] });
      const put = (text: string, sha?: unknown) =>
        ask(github, 'PUT', '/contents/file', {
          message: text,
          content: Buffer.from(text).toString('base64'),
          branch: 'main',
          ...(sha === undefined ? {} : { sha }),
        });
      expect((await put('one')).status).toBe(201);
      expect((await put('two')).status).toBe(422);
      const { value: file } = await ask(github, 'GET', '/contents/file?ref=main');
      expect((await put('two', file['sha'])).status).toBe(200);
      expect((await put('three', file['sha'])).status).toBe(409);
    });
  });

  it('fails the test when a request is not as GitHub describes it', async () => {
    const wrong = withGithub({}, (github) => ask(github, 'POST', '/releases', { tag_name: 7 }));
    await expect(wrong).rejects.toMatchObject({
      code: 'TESTING_GITHUB_MISMATCH',
      message: expect.stringContaining('repos/create-release, request: /requestBody/tag_name must be string'),
    });
  });

  it('fails the test when it answers itself otherwise than GitHub describes: a wrong answer is planted', async () => {
    const planted = { 'repos/get-release-by-tag': () => json(200, { id: 'seven', tag_name: 'v1.0.0' }) };
    const wrong = withGithub({ instead: planted }, (github) => ask(github, 'GET', '/releases/tags/v1.0.0'));
    await expect(wrong).rejects.toMatchObject({
      code: 'TESTING_GITHUB_MISMATCH',
      message: expect.stringMatching(/repos\/get-release-by-tag, answer 200: it must have required property/),
    });
  });

  it('fails the test when what is asked is in no description, or a token goes to another host', async () => {
    await expect(withGithub({}, (github) => ask(github, 'GET', '/elsewhere'))).rejects.toMatchObject({
      message: expect.stringContaining('GET /repos/octo/app/elsewhere is no operation'),
    });
  });
});
