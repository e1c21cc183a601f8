import { expect, test } from 'vitest';
import { causeOf } from './cause.ts';

test('a cause names the class, the code and our line, and none of the words of the error', () => {
  const stack = `Error: 550 mailbox budi@example.com is unknown
    at send (file:///srv/kilas/node_modules/nodemailer/lib/smtp.js:10:3)
    at sendMail (file:///srv/kilas/services/user/src/mail/smtp-mailer.ts:41:9)`;
  expect(causeOf({ name: 'Error', code: 'EENVELOPE', message: '550 mailbox budi@example.com is unknown', stack })).toBe(
    'Error EENVELOPE at services/user/src/mail/smtp-mailer.ts:41',
  );
});

test.each([[null], [undefined], ['text'], [{}], [{ name: 'budi@example.com says no' }], [{ name: 5 }]])(
  'of what is no error nothing is said: %j',
  (output) => {
    expect(causeOf(output)).toBe('unknown');
  },
);
