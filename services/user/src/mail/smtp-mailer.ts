import nodemailer, { type Transporter } from 'nodemailer';
import type { Mail, Mailer } from './mail.ts';

const timeoutMs = 20_000;

/** Sends over SMTP. */
export class SmtpMailer implements Mailer {
  readonly #transport: Transporter;
  readonly #from: string;

  constructor(options: { url: string; from: string }) {
    this.#from = options.from;
    this.#transport = nodemailer.createTransport({
      url: options.url,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    });
  }

  async send(mail: Mail): Promise<void> {
    try {
      await this.#transport.sendMail({ from: this.#from, ...mail });
    } catch (error) {
      // Nothing else of the error: it names the recipient, and errors of jobs are logged.
      throw new Error(`the mail server did not take a mail: ${codesOf(error)}`);
    }
  }

  close(): void {
    this.#transport.close();
  }
}

function codesOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error ? String(error.code) : error.name;
  return 'responseCode' in error ? `${code} ${String(error.responseCode)}` : code;
}
