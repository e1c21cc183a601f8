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
    await this.#transport.sendMail({ from: this.#from, ...mail });
  }

  close(): void {
    this.#transport.close();
  }
}
