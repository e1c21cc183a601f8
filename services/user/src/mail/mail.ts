export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Hands mails on. A mail that was handed on before its job died goes out again: send what may come twice. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  close(): void;
}
