// Written by `blok types`. Do not edit: run it again when node types change.
// Graphs in TypeScript: docs/typescript.md.

declare module 'blok' {
  /** A value of the type T that is known only when the graph runs. */
  export interface Expr<T> {
    readonly __value?: T;
  }
  /** A reference to a value of a run. Its fields are references, too. */
  export type Ref<T> = IsAny<T> extends true ? any : Expr<T> & Fields<T>;
  type IsAny<T> = 0 extends 1 & T ? true : false;
  type Fields<T> =
    NonNullable<T> extends readonly (infer E)[]
      ? { readonly [index: number]: Ref<E>; readonly length: Ref<number> }
      : NonNullable<T> extends object
        ? { readonly [K in keyof NonNullable<T>]-?: Ref<NonNullable<T>[K]> }
        : unknown;
  /** What can stand where a value of the type T is wanted: the value, an expression, or a value with expressions in it. */
  export type Given<T> = IsAny<T> extends true
    ? unknown
    : T extends readonly (infer E)[]
      ? readonly Given<E>[] | Expr<T>
      : T extends object
        ? { readonly [K in keyof T]: Given<T[K]> } | Expr<T>
        : T | Expr<T>;

  /** An expression: `expr\`${price.output.body} > 5\``. What stands between references is not checked by TypeScript. */
  export function expr<T = any>(parts: TemplateStringsArray, ...values: unknown[]): Expr<T>;
  /** A text with values of a run in it: `text\`Hello, ${input.name}!\``. */
  export function text(parts: TemplateStringsArray, ...values: (Expr<any> | string | number | boolean)[]): string;
  /** The same reference, whose next field is read with `?.`, because it may be null. */
  export function maybe<T>(value: Ref<T>): Ref<T>;
  /** The element that a data node such as `filter` looks at. */
  export const item: Ref<any>;
  /** Its number, from 0. */
  export const index: Ref<number>;

  /** What each node type takes and yields. */
  export interface NodeTypes {
    /** Goes on by `true` or `false`. */
    if: {
      with: {
        /** The condition. */
        test: boolean | null;
      };
      output: boolean;
      ports: "true" | "false";
    };
    /** Goes on by the port of the first case that matches, else by `default`. */
    switch: {
      with: {
        /** What `is` is compared with. */
        value?: any;
        /** The cases, in order. */
        cases: Array<{
          /** Port to leave by. */
          port: string;
          /** One constant, or a list of them. */
          is?: any;
          /** A condition. */
          when?: boolean | null;
        }>;
      };
      output: string;
      ports: string;
    };
    /** Answers a waiting caller; the run goes on. */
    respond: {
      with: {
        /** HTTP status, 200 if not given. */
        status?: number;
        /** HTTP headers. */
        headers?: { [key: string]: string | number };
        /** Body: a text as it is, anything else as JSON. */
        body?: any;
        /** The body, as a reference to a file that a node or the trigger gave. */
        file?: {
          sha256: string;
          contentType?: string;
        };
      };
      output: {
        status?: number;
        headers?: any;
        body?: any;
      };
      ports: "out";
    };
    /** Ends the run as succeeded. */
    stop: {
      with: {
        /** Output of the run. */
        output?: any;
      };
      output: any;
      ports: never;
    };
    /** Fails with an error of your own. */
    fail: {
      with: {
        /** Dotted words, such as `order.rejected`. */
        code?: string;
        /** What went wrong. */
        message: string;
        /** Any data. */
        details?: any;
      };
      output: any;
      ports: never;
    };
    /** Waits for a duration or until a time. */
    wait: {
      with: {
        /** A duration. */
        for?: string;
        /** An ISO time; if it is in the past, the run goes on at once. */
        until?: string;
      };
      output: {
        at?: string;
      };
      ports: "out";
    };
    /** Waits for an event. */
    waitForEvent: {
      with: {
        /** Name of the event. */
        event: string;
        /** Only an event with this key, compared as text. */
        key?: any;
      };
      output: {
        name?: string;
        key?: string | null;
        data?: any;
        id?: string;
        at?: string;
      };
      ports: "out";
    };
    /** Waits for a person to decide. */
    approval: {
      with: {
        /** Who may decide: `role:name` or `user:address`. */
        to: Array<string>;
        /** What is to be decided. */
        title: string;
        /** More about it. */
        message?: string;
        /** JSON Schema of the values to fill in. */
        form?: { [key: string]: any };
      };
      output: {
        decision?: "approved" | "rejected";
        by?: string;
        comment?: string | null;
        values?: any;
        at?: string;
      };
      ports: "approved" | "rejected";
    };
    /** Computes with data; no effect. */
    set: {
      with: {
        value: any;
      };
      output: any;
      ports: "out";
    };
    /** Computes with data; no effect. */
    log: {
      with: {
        message: string;
        level?: "info" | "debug" | "warn" | "error";
        data?: any;
      };
      output: null;
      ports: "out";
    };
    /** Computes with data; no effect. */
    filter: {
      with: {
        items: any[];
        test: boolean | null;
      };
      output: any[];
      ports: "out";
    };
    /** Computes with data; no effect. */
    limit: {
      with: {
        items: any[];
        count: number;
        from?: "start" | "end";
      };
      output: any[];
      ports: "out";
    };
    /** Computes with data; no effect. */
    sort: {
      with: {
        items: any[];
        by?: Array<{
          key: any;
          order?: "asc" | "desc";
        }>;
      };
      output: any[];
      ports: "out";
    };
    /** Computes with data; no effect. */
    removeDuplicates: {
      with: {
        items: any[];
        by?: any;
      };
      output: any[];
      ports: "out";
    };
    /** Computes with data; no effect. */
    splitOut: {
      with: {
        items: any[];
        field: string;
        include?: "none" | "all" | Array<string>;
      };
      output: any[];
      ports: "out";
    };
    /** Computes with data; no effect. */
    aggregate: {
      with: {
        items: any[];
        groupBy?: { [key: string]: any };
        fields: { [key: string]: {
          op: "count" | "sum" | "avg" | "min" | "max" | "first" | "last" | "list" | "unique";
          of?: any;
        } };
      };
      output: any;
      ports: "out";
    };
    /** Computes with data; no effect. */
    merge: {
      with: {
        mode: "append" | "position" | "key";
        lists: Array<any[]>;
        key?: any;
        keep?: "matched" | "first" | "all";
      };
      output: any[];
      ports: "out";
    };
    /** JavaScript */
    "code.javascript": {
      with: {
        /** Body of an async function: `input` is in scope, `return` gives the output. Strict mode. */
        source: string;
        /** What the script sees as `input`. */
        input?: any;
        /** Time limit for the script, counted from its start. */
        timeout?: string;
      };
      output: any;
      ports: "out";
    };
    /** Read CSV */
    "csv.read": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** The document as text. */
        text?: string;
        /** Whether the first row names the columns. Rows are then objects, otherwise lists. */
        header?: boolean;
        /** Rows to leave out after the header. */
        skip?: number;
        /** Most rows to read. */
        limit?: number;
        /** What separates fields. Default: the one of comma, semicolon, tab and `|` that the lines agree on. */
        separator?: string;
        /** Encoding, such as `windows-1252`. Default: that of a byte order mark, else UTF-8. */
        encoding?: string;
      };
      output: {
        /** Names of the columns; empty without a header. */
        columns: Array<string>;
        /** The rows: objects by column, or lists. */
        rows: Array<any>;
        /** How many rows the list holds. */
        count: number;
        /** Whether there are more rows than `limit`. */
        more: boolean;
        /** The separator of the fields. */
        separator: string;
        /** The encoding of the text. */
        encoding: string;
      };
      ports: "out";
    };
    /** Write CSV */
    "csv.write": {
      with: {
        /** The rows: objects by column, or lists. */
        rows: Array<any>;
        /** Which columns to write, and in which order. Default: all, in the order in which they first appear. */
        columns?: Array<string>;
        /** Whether the first line names the columns. */
        header?: boolean;
        /** What separates fields. */
        separator?: string;
        /** `crlf` for old programs on Windows. */
        lineBreak?: "lf" | "crlf";
        /** Begins with the mark by which Excel recognises UTF-8. */
        byteOrderMark?: boolean;
        /** `escape` puts `'` before a text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`). */
        formulas?: "escape" | "keep";
        /** What is returned without `saveAs`. */
        as?: "text" | "blob";
        /** Path in the store to write the document to, such as `reports/may.pdf`. Without it, a reference is returned. */
        saveAs?: string;
      };
      output: {
        /** The path that was written, if `saveAs` is given. */
        path?: string;
        /** Reference to the document, if `saveAs` is not given. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Bytes. */
        size: number;
        /** The document, if it is returned as text. */
        text?: string;
        /** How many rows were written. */
        rows: number;
        /** The columns that were written. */
        columns: Array<string>;
      };
      ports: "out";
    };
    /** Text of a document */
    "document.text": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** The document as text. */
        text?: string;
        /** `markdown` keeps headings, lists and tables of Word and HTML documents. */
        as?: "text" | "markdown";
        /** Whether to return the text of each page (slide, sheet), too. */
        pages?: boolean;
        /** Most pages to read. */
        limit?: number;
        /** Encoding of texts, CSV and HTML. Default: what the document says, else UTF-8. */
        encoding?: string;
      };
      output: {
        /** Kind of the document, by its bytes. */
        kind: "pdf" | "docx" | "pptx" | "xlsx" | "csv" | "html" | "eml" | "rtf" | "text";
        /** Title that the document has, or the subject of a mail, or null. */
        title: string | null;
        /** The text; pages are separated by an empty line. */
        text: string;
        /** The text of each page, if `pages` is set. */
        pages?: Array<string>;
        /** How many pages the document has; 1 for kinds without pages. */
        pageCount: number;
        /** Whether there are more pages than `limit`. */
        more: boolean;
        /** Numbers of pages without text, counted from 1: perhaps scanned images. */
        emptyPages: Array<number>;
      };
      ports: "out";
    };
    /** Tables of a document */
    "document.tables": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** The document as text. */
        text?: string;
        /** Whether the first row of a table names its columns. Rows are then objects, otherwise lists. */
        header?: boolean;
        /** Most rows of each table. */
        limit?: number;
        /** Encoding of CSV and HTML. Default: what the document says, else UTF-8. */
        encoding?: string;
      };
      output: {
        /** The tables, in the order of the document. */
        tables: Array<{
          /** Name of the sheet, or caption of the table, or null. */
          name: string | null;
          /** Page of a PDF, counted from 1, or null. */
          page: number | null;
          /** Names of the columns; empty without a header. */
          columns: Array<string>;
          /** The rows: objects by column, or lists. */
          rows: Array<any>;
          /** How many rows the list holds. */
          count: number;
          /** Whether there are more rows than `limit`. */
          more: boolean;
        }>;
      };
      ports: "out";
    };
    /** Fill a template */
    "document.fromTemplate": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** The document as text. */
        text?: string;
        /** What the template is filled with. */
        data: { [key: string]: any };
        /** Path in the store to write the document to, such as `reports/may.pdf`. Without it, a reference is returned. */
        saveAs?: string;
      };
      output: {
        /** The path that was written, if `saveAs` is given. */
        path?: string;
        /** Reference to the document, if `saveAs` is not given. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Bytes. */
        size: number;
        /** Kind of the template, by its bytes. */
        kind: "docx" | "html";
        /** The page, if the template is HTML and `saveAs` is not given. */
        text?: string;
      };
      ports: "out";
    };
    /** Send an email */
    "email.send": {
      with: {
        /** Recipients: `ann@example.com` or `Ann <ann@example.com>`, one or a list. */
        to: string | Array<string>;
        /** Recipients of a copy. */
        cc?: string | Array<string>;
        /** Recipients of a blind copy, hidden from all other recipients. */
        bcc?: string | Array<string>;
        /** Sender. Default: the sender of the connection. */
        from?: string;
        /** Where replies go. */
        replyTo?: string | Array<string>;
        /** Subject. */
        subject: string;
        /** Body as plain text. */
        text?: string;
        /** Body as HTML. If `text` is given too, the mail program of the reader chooses. */
        html?: string;
        /** Files to attach, 25 MiB in all. */
        attachments?: Array<{
          /** Path of a file in the workspace's store. */
          path?: string;
          /** The content as text, stored as UTF-8. */
          text?: string;
          /** The content as base64. */
          base64?: string;
          /** The content as a reference that another node returned. */
          blob?: {
            /** SHA-256 of the bytes, hexadecimal. */
            sha256: string;
            /** Bytes. */
            size?: number;
            /** Media type, if known. */
            contentType?: string;
          };
          /** Name shown to the recipient; by default that of the file. */
          filename?: string;
          /** Media type; by default from the file or its name. */
          contentType?: string;
          /** Content id: `<img src="cid:…">` in the HTML shows it. */
          cid?: string;
        }>;
        /** Further headers, such as `List-Unsubscribe`. */
        headers?: { [key: string]: string };
      };
      output: {
        /** `Message-ID` of the message, the same on every attempt. */
        messageId: string;
        /** Recipients the server accepted. */
        accepted: Array<string>;
        /** Recipients the server refused. */
        rejected: Array<string>;
        /** The server's last answer. */
        response: string;
      };
      ports: "out";
    };
    /** Send an event */
    "event.emit": {
      with: {
        /** Name of the event. */
        event: string;
        /** Reaches waits with this key and waits without a key. Default: all waits. Triggers see it as `subject`. */
        key?: string;
        /** Data of the event, at most 256,000 bytes of JSON. Default: null. */
        data?: any;
      };
      output: {
        /** Id of the event: the same however often the step is tried. */
        id: string;
        /** Number of waiting runs the event was sent to. */
        delivered: number;
        /** The triggers it fired. Their runs start within a second, unless the `if` of a trigger declines. */
        triggers: Array<{
          /** Name of the workflow. */
          workflow: string;
          /** Id of its trigger. */
          trigger: string;
        }>;
      };
      ports: "out";
    };
    /** Read Excel */
    "excel.read": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Whether the first row names the columns. Rows are then objects, otherwise lists. */
        header?: boolean;
        /** Rows to leave out after the header. */
        skip?: number;
        /** Most rows to read. */
        limit?: number;
        /** Name of the sheet, or its number, counted from 1. Default: the first that is not hidden. */
        sheet?: string | number;
        /** The first row to look at, counted from 1, if there are others above the table. */
        headerRow?: number;
        /** What cells with a formula give: the value that was last computed, or the formula. */
        formulas?: "values" | "formulas";
        /** Where the value of merged cells stands: in the first of them, or in all. */
        merged?: "first" | "all";
      };
      output: {
        /** Names of the columns; empty without a header. */
        columns: Array<string>;
        /** The rows: objects by column, or lists. */
        rows: Array<any>;
        /** How many rows the list holds. */
        count: number;
        /** Whether there are more rows than `limit`. */
        more: boolean;
        /** Name of the sheet that was read. */
        sheet: string;
        /** Names of all sheets, in their order. */
        sheets: Array<string>;
        /** Cells with a formula that nobody has computed yet; their value is null. */
        uncomputed: number;
      };
      ports: "out";
    };
    /** Write Excel */
    "excel.write": {
      with: {
        /** The sheets of the workbook. */
        sheets: Array<{
          /** Name of the sheet. */
          name?: string;
          /** The rows: objects by column, or lists. */
          rows: Array<any>;
          /** Which columns to write, in which order, and how. Default: all, as they first appear. */
          columns?: Array<{
            /** Field of the rows. */
            key: string;
            /** What the header says. Default: the key. */
            title?: string;
            /** What the values are. `auto`: numbers are numbers, ISO dates are dates, other texts are texts. */
            type?: "auto" | "text" | "number" | "date" | "dateTime" | "formula";
            /** Format of Excel, such as `#,##0.00` or `dd.mm.yyyy`. */
            format?: string;
            /** Width in characters. Default: 16. */
            width?: number;
            /** Bold text. */
            bold?: boolean;
            /** Italic text. */
            italic?: boolean;
            /** Colour of the text, such as `#aa0000`. */
            color?: string;
            /** Colour of the cells, such as `#ffeecc`. */
            fill?: string;
            /** Where the text stands. */
            align?: "left" | "center" | "right";
            /** Whether long text goes on in further lines. */
            wrap?: boolean;
          }>;
          /** Whether the first row names the columns. It stays in view. */
          header?: boolean;
        }>;
        /** Path in the store to write the document to, such as `reports/may.pdf`. Without it, a reference is returned. */
        saveAs?: string;
      };
      output: {
        /** The path that was written, if `saveAs` is given. */
        path?: string;
        /** Reference to the document, if `saveAs` is not given. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Bytes. */
        size: number;
        /** How many rows were written, in all sheets. */
        rows: number;
      };
      ports: "out";
    };
    /** Read a file */
    "file.read": {
      with: {
        /** Path in the store, such as `reports/2026/may.csv`. */
        path: string;
        /** `text`, `base64`, or `blob`: a reference, for large or binary files. */
        as?: "text" | "base64" | "blob";
        /** Encoding of the text, such as `windows-1252`. Default: the encoding that a byte order mark indicates, else UTF-8. */
        encoding?: string;
      };
      output: {
        /** The path that was read. */
        path: string;
        /** The content, if read as text. */
        text?: string;
        /** The content, if read as base64. */
        base64?: string;
        /** Reference to the content, if read as blob. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Bytes. */
        size: number;
        /** Media type the file was written with, or null. */
        contentType: string | null;
        /** ISO time of the last write. */
        modifiedAt: string;
      };
      ports: "out";
    };
    /** Write a file */
    "file.write": {
      with: {
        /** Path in the store, such as `reports/2026/may.csv`. */
        path: string;
        /** The content as text, stored as UTF-8. */
        text?: string;
        /** The content as base64. */
        base64?: string;
        /** The content as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Media type to store with the file, such as `text/csv`. */
        contentType?: string;
      };
      output: {
        /** The path that was written. */
        path: string;
        /** Bytes. */
        size: number;
        /** SHA-256 of the content, hexadecimal. */
        sha256: string;
      };
      ports: "out";
    };
    /** List files */
    "file.list": {
      with: {
        /** What the paths start with, such as `reports/`. Default: all files. */
        prefix?: string;
        /** Largest number of files to list. */
        limit?: number;
      };
      output: {
        /** The files found. */
        files: Array<{
          /** Path in the store. */
          path: string;
          /** Bytes. */
          size: number;
          /** ISO time of the last write. */
          modifiedAt: string;
        }>;
        /** How many files the list holds. */
        count: number;
        /** Whether there are more files than `limit`. */
        more: boolean;
      };
      ports: "out";
    };
    /** Delete a file */
    "file.delete": {
      with: {
        /** Path in the store, such as `reports/2026/may.csv`. */
        path: string;
      };
      output: {
        /** The path that was deleted. */
        path: string;
        /** Whether the file was there (false too when a retry finds it already gone). */
        deleted: boolean;
      };
      ports: "out";
    };
    /** Extract from HTML */
    "html.extract": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** The document as text. */
        text?: string;
        /** Values to take, by the name they get. */
        fields?: { [key: string]: {
          /** CSS selector. Absent: the element of `each` itself. */
          selector?: string;
          /** The attribute to take, such as `href`. Default: the content. */
          attribute?: string;
          /** How the content is given. */
          as?: "text" | "html" | "markdown";
          /** A list of all that match, instead of the first. */
          all?: boolean;
        } };
        /** CSS selector: the values are taken from each match, and returned as `items`. */
        each?: string;
        /** What else to return: the page as text or Markdown, or its article without what surrounds it. */
        as?: "none" | "text" | "markdown" | "article";
        /** Address of the page, to which `href` and `src` are relative. */
        baseUrl?: string;
        /** Encoding. Default: what the page declares, else UTF-8. */
        encoding?: string;
      };
      output: {
        /** Title of the page, or null. */
        title: string | null;
        /** Language that the page declares, or null. */
        language: string | null;
        /** The page as text. */
        text?: string;
        /** The page as Markdown. */
        markdown?: string;
        /** The article of the page; null if none was found. */
        article?: {
          /** Title, or null. */
          title: string | null;
          /** Who wrote it, or null. */
          byline: string | null;
          /** The first lines, or what the page says of itself, or null. */
          excerpt: string | null;
          /** Name of the site, or null. */
          siteName: string | null;
          /** Language, or null. */
          language: string | null;
          /** When it was published, as the page says, or null. */
          publishedTime: string | null;
          /** The article as text. */
          text: string;
          /** The article as Markdown. */
          markdown: string;
        } | null;
        /** The values of `fields`; null where nothing matches. */
        fields?: { [key: string]: any };
        /** The values of `fields` for each match of `each`. */
        items?: Array<{ [key: string]: any }>;
      };
      ports: "out";
    };
    /** HTTP request */
    "http.request": {
      with: {
        /** HTTP method. */
        method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
        /** Address, http or https. Credentials belong in a connection, not here. */
        url: string;
        /** Query parameters, added to the ones in the address, which stay as they are written. A list repeats the name; null leaves the parameter out. */
        query?: { [key: string]: string | number | boolean | null | Array<string | number | boolean | null> };
        /** Request headers. */
        headers?: { [key: string]: string };
        /** Body as JSON. */
        json?: any;
        /** Body as application/x-www-form-urlencoded. */
        form?: { [key: string]: string | number | boolean | null | Array<string | number | boolean | null> };
        /** Body as multipart/form-data: fields and files. */
        multipart?: Array<{
          /** Name of the form field. */
          name: string;
          /** The content as text, stored as UTF-8. */
          text?: string;
          /** The content as base64. */
          base64?: string;
          /** The content as a reference that another node returned. */
          blob?: {
            /** SHA-256 of the bytes, hexadecimal. */
            sha256: string;
            /** Bytes. */
            size?: number;
            /** Media type, if known. */
            contentType?: string;
          };
          /** Makes the part a file of this name. */
          filename?: string;
          /** Media type of a file. */
          contentType?: string;
        }>;
        /** Body as text (UTF-8), `text/plain` unless a header says otherwise. */
        text?: string;
        /** Body as bytes, `application/octet-stream` unless a header says otherwise. */
        binary?: {
          /** The bytes as base64. */
          base64?: string;
          /** The bytes as a reference that another node returned. */
          blob?: {
            /** SHA-256 of the bytes, hexadecimal. */
            sha256: string;
            /** Bytes. */
            size?: number;
            /** Media type, if known. */
            contentType?: string;
          };
        };
        /** Statuses other than 2xx to return instead of failing, such as `[404]`. With pagination, such a status ends the pages. */
        okStatuses?: Array<number>;
        /** Follow at most 5 redirects. False: a redirect is returned like a success. */
        followRedirects?: boolean;
        /** Send an `Idempotency-Key` with POST, PUT, PATCH and DELETE, the same on every attempt. */
        idempotencyKey?: boolean;
        /** How to return the body. `auto`: JSON, lines of JSON (`ndjson`, as a list) and text, depending on the content type; everything else as a `blob` reference. */
        responseAs?: "auto" | "json" | "ndjson" | "text" | "base64" | "blob";
        /** Encoding of the text in the answer, such as `windows-1252`, if the answer does not declare it or declares a wrong one. */
        encoding?: string;
        /** Largest response in bytes, decompressed, all pages together (default 10 MiB, at most 100 MiB). */
        maxBytes?: number;
        /** Limits within one request; connecting takes at most 10 s per address. */
        timeouts?: {
          /** How long to wait for the answer to begin. */
          headers?: string;
          /** Longest pause within the body. */
          body?: string;
        };
        /** Fetch page after page and return all items as one list. */
        pagination?: {
          /** Follow the `Link: <…>; rel="next"` header. */
          by: "link";
          /** Dotted path of the list in the answer, such as `data.items`; empty: the answer itself. */
          items?: string;
          /** Stop after this many pages. */
          maxPages?: number;
        } | {
          /** Follow the address of the next page, which the answer contains. */
          by: "next";
          /** With `by: next`: dotted path of that address, such as `next` or `links.next`; null or "" ends. */
          next: string;
          /** True if the service leaves the cursor or address out on its last page, so that a single page has none. Otherwise a first answer without it is an error, because the path may be wrong. */
          mayBeAbsent?: boolean;
          /** Dotted path of the list in the answer, such as `data.items`; empty: the answer itself. */
          items?: string;
          /** Stop after this many pages. */
          maxPages?: number;
        } | any | {
          /** Send the number of items fetched so far, until a page is empty. Set the size of a page in `query` or `json`. */
          by: "offset";
          /** Query parameter that takes the cursor, the id or the number. Default: `offset` with `by: offset`, `page` with `by: page`. */
          parameter?: string;
          /** Dotted path of the field in the JSON body of the request that takes the cursor, the id or the number instead, such as `variables.after`. */
          field?: string;
          /** Number to start with. Default: 0 with `by: offset`, 1 with `by: page`. */
          start?: number;
          /** With `by: offset`: dotted path of the total number of items, which saves the last, empty request. */
          total?: string;
          /** Dotted path of a flag that is false on the last page, such as `has_more`. Without a flag, the pages end as usual for this way. */
          more?: string;
          /** Dotted path of the list in the answer, such as `data.items`; empty: the answer itself. */
          items?: string;
          /** Stop after this many pages. */
          maxPages?: number;
        } | {
          /** Request page after page by number, until one is empty. */
          by: "page";
          /** Query parameter that takes the cursor, the id or the number. Default: `offset` with `by: offset`, `page` with `by: page`. */
          parameter?: string;
          /** Dotted path of the field in the JSON body of the request that takes the cursor, the id or the number instead, such as `variables.after`. */
          field?: string;
          /** Number to start with. Default: 0 with `by: offset`, 1 with `by: page`. */
          start?: number;
          /** Dotted path of a flag that is false on the last page, such as `has_more`. Without a flag, the pages end as usual for this way. */
          more?: string;
          /** Dotted path of the list in the answer, such as `data.items`; empty: the answer itself. */
          items?: string;
          /** Stop after this many pages. */
          maxPages?: number;
        };
      };
      output: {
        /** HTTP status; with pagination, the status of the last answer. */
        status: number;
        /** Response headers, names in lower case, repeated ones joined by a comma (set-cookie: by a line break). */
        headers: { [key: string]: string };
        /** Parsed JSON (a list, if the body is lines of JSON), text, base64 text, or a reference `{ sha256, size, contentType }`; null if empty. With pagination: the list of all items. */
        body: any;
        /** Address that answered, after redirects. */
        url: string;
        /** With pagination: how many pages were fetched. */
        pages?: number;
        /** With pagination: false if `maxPages` was reached before the last page. */
        complete?: boolean;
      };
      ports: "out";
    };
    /** Describe an image */
    "image.info": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
      };
      output: {
        /** `png`, `jpeg`, `gif`, `webp`, `tiff`, `bmp`, `avif` or `heic`, by the bytes. */
        format: string;
        /** Pixels, as a viewer shows the image. */
        width: number;
        /** Pixels, as a viewer shows the image. */
        height: number;
        /** How the camera was held (EXIF): 1 is upright. */
        orientation: number;
        /** Bytes. */
        size: number;
      };
      ports: "out";
    };
    /** Resize an image */
    "image.resize": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Width in pixels. Default: what the height gives. */
        width?: number;
        /** Height in pixels. Default: what the width gives. */
        height?: number;
        /** `inside` keeps the whole image, `cover` fills the area and cuts the rest off, `fill` distorts. */
        fit?: "inside" | "cover" | "fill";
        /** Whether a small image becomes larger. */
        enlarge?: boolean;
        /** Format of the copy. Default: that of the image; PNG for GIF, TIFF and BMP. */
        format?: "png" | "jpeg" | "webp";
        /** Quality of a JPEG. */
        quality?: number;
        /** Path in the store to write the document to, such as `reports/may.pdf`. Without it, a reference is returned. */
        saveAs?: string;
      };
      output: {
        /** The path that was written, if `saveAs` is given. */
        path?: string;
        /** Reference to the document, if `saveAs` is not given. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Bytes. */
        size: number;
        /** Format of the copy. */
        format: "png" | "jpeg" | "webp";
        /** Pixels. */
        width: number;
        /** Pixels. */
        height: number;
      };
      ports: "out";
    };
    /** Get a value */
    "kv.get": {
      with: {
        /** Name of the entry. */
        key: string;
        /** `workflow`: the key belongs to this workflow. `workspace`: all workflows of the workspace share it. */
        scope?: "workflow" | "workspace";
      };
      output: {
        /** The value, or null if the key is absent or has expired. */
        value: any;
        /** Counts the writes of this key; null if absent. Give it to kv.set as `ifVersion`. */
        version: number | null;
      };
      ports: "out";
    };
    /** Set a value */
    "kv.set": {
      with: {
        /** Name of the entry. */
        key: string;
        /** The value, any JSON; null is a value too (use kv.delete to remove the key). */
        value: any;
        /** `workflow`: the key belongs to this workflow. `workspace`: all workflows of the workspace share it. */
        scope?: "workflow" | "workspace";
        /** The entry expires after this long. Default: never. */
        ttl?: string;
        /** Write only if the key still has this version; null: only if the key is absent. */
        ifVersion?: number | null;
      };
      output: {
        /** The value that is now stored. */
        value: any;
        /** The value before, null if there was none. */
        previous: any;
        /** Counts the writes of this key, from 1. */
        version: number;
      };
      ports: "out";
    };
    /** Delete a value */
    "kv.delete": {
      with: {
        /** Name of the entry. */
        key: string;
        /** `workflow`: the key belongs to this workflow. `workspace`: all workflows of the workspace share it. */
        scope?: "workflow" | "workspace";
      };
      output: {
        /** The value the key had, null if there was none. */
        previous: any;
        /** Whether the key was there. */
        deleted: boolean;
      };
      ports: "out";
    };
    /** Make a PDF */
    "pdf.create": {
      with: {
        /** The content as Markdown. */
        markdown?: string;
        /** The content as HTML, of which the structure is kept, not the looks. */
        html?: string;
        /** Title of the document, as readers show it. */
        title?: string;
        /** Author of the document. */
        author?: string;
        /** Size of the pages. */
        pageSize?: "A3" | "A4" | "A5" | "LETTER" | "LEGAL";
        /** Whether pages are wider than high. */
        landscape?: boolean;
        /** A line above each page; `{page}` and `{pages}` are numbers. */
        header?: string;
        /** A line below each page, such as `{page} / {pages}`. */
        footer?: string;
        /** Size of the text in points. */
        fontSize?: number;
        /** Path in the store to write the document to, such as `reports/may.pdf`. Without it, a reference is returned. */
        saveAs?: string;
      };
      output: {
        /** The path that was written, if `saveAs` is given. */
        path?: string;
        /** Reference to the document, if `saveAs` is not given. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Bytes. */
        size: number;
        /** How many pages the document has. */
        pages: number;
      };
      ports: "out";
    };
    /** Run SQL */
    "postgres.query": {
      with: {
        /** One statement, with `$1`, `$2` … for values. */
        sql: string;
        /** Values of `$1`, `$2` … */
        params?: Array<any>;
        /** Run in a READ ONLY transaction: the server refuses every change. */
        readOnly?: boolean;
        /** Fail, and roll back, if the statement returns more rows. A result is at most 50 MiB in any case. */
        maxRows?: number;
        /** The server ends the statement after this long. */
        statementTimeout?: string;
        /** False for statements that cannot run in a transaction. */
        transaction?: boolean;
      };
      output: {
        /** Rows returned, as objects by column name. */
        rows: Array<{ [key: string]: any }>;
        /** Rows returned, or changed by a statement that returns none. */
        count: number;
        /** Columns, in order. */
        fields: Array<{
          /** Name of the column. */
          name: string;
          /** Its type. */
          type: string;
        }>;
      };
      ports: "out";
    };
    /** Run a workflow */
    "workflow.run": {
      with: {
        /** Name of the workflow. An expression here needs `allow`. */
        workflow: string;
        /** Names that the expression in `workflow` may yield; any other name is refused. */
        allow?: Array<string>;
        /** Version to run. Default: the version that is published at the time of the call. */
        version?: number;
        /** Input of the run, checked against the `input` schema of the workflow. */
        input?: any;
        /** Wait for the other run to end and return its output. False: return once it has started. */
        wait?: boolean;
      };
      output: any;
      ports: "out";
    };
    /** Read XML */
    "xml.read": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** The document as text. */
        text?: string;
        /** Names of elements that are lists even if there is only one, so that a graph can rely on it. */
        lists?: Array<string>;
        /** Whether names keep the prefix of their namespace. */
        namespaces?: "keep" | "remove";
        /** Whether white space around texts is removed. */
        trim?: boolean;
        /** Encoding. Default: what the document declares, else UTF-8. */
        encoding?: string;
      };
      output: {
        /** Name of the root element. */
        root: string;
        /** The root element: an object, or a text if it holds nothing else. */
        value: any;
        /** The encoding of the text. */
        encoding: string;
      };
      ports: "out";
    };
    /** Write XML */
    "xml.write": {
      with: {
        /** Name of the root element. */
        root: string;
        /** What the root element holds. `@name` is an attribute, `#text` a text beside attributes. */
        value: any;
        /** Whether elements stand on lines of their own. */
        indent?: boolean;
        /** Whether the document begins with `<?xml …?>`. */
        declaration?: boolean;
        /** Path in the store to write the document to, such as `reports/may.pdf`. Without it, a reference is returned. */
        saveAs?: string;
      };
      output: {
        /** The path that was written, if `saveAs` is given. */
        path?: string;
        /** Reference to the document, if `saveAs` is not given. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Bytes. */
        size: number;
        /** The document, if `saveAs` is not given. */
        text?: string;
      };
      ports: "out";
    };
    /** List a ZIP archive */
    "zip.list": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
      };
      output: {
        /** The files of the archive, in its order. Folders are left out. */
        files: Array<{
          /** Name within the archive, with its folders. */
          name: string;
          /** Bytes when unpacked, as the archive says. */
          size: number;
          /** Bytes within the archive. */
          packed: number;
          /** ISO time of the last change, or null. */
          modifiedAt: string | null;
          /** Whether it needs a password. */
          encrypted: boolean;
        }>;
      };
      ports: "out";
    };
    /** Unpack a ZIP archive */
    "zip.extract": {
      with: {
        /** Path of the document in the store, such as `incoming/orders.xlsx`. */
        path?: string;
        /** The document as base64. */
        base64?: string;
        /** The document as a reference that another node returned. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Which files to unpack. Default: all. */
        names?: Array<string>;
        /** Only files whose names start so, such as `images/`. */
        under?: string;
        /** Most files to unpack; more are an error. */
        limit?: number;
      };
      output: {
        /** The files that were unpacked. */
        files: Array<{
          /** Name within the archive, with its folders. */
          name: string;
          /** Bytes. */
          size: number;
          /** Reference to the content. */
          blob: {
            /** SHA-256 of the bytes, hexadecimal. */
            sha256: string;
            /** Bytes. */
            size?: number;
            /** Media type, if known. */
            contentType?: string;
          };
        }>;
        /** How many files were unpacked. */
        count: number;
      };
      ports: "out";
    };
    /** Make a ZIP archive */
    "zip.create": {
      with: {
        /** What to pack. */
        files: Array<{
          /** Name within the archive, such as `invoices/7.pdf`. */
          name: string;
          /** Path of the document in the store, such as `incoming/orders.xlsx`. */
          path?: string;
          /** The document as base64. */
          base64?: string;
          /** The document as a reference that another node returned. */
          blob?: {
            /** SHA-256 of the bytes, hexadecimal. */
            sha256: string;
            /** Bytes. */
            size?: number;
            /** Media type, if known. */
            contentType?: string;
          };
          /** The document as text. */
          text?: string;
        }>;
        /** Path in the store to write the document to, such as `reports/may.pdf`. Without it, a reference is returned. */
        saveAs?: string;
      };
      output: {
        /** The path that was written, if `saveAs` is given. */
        path?: string;
        /** Reference to the document, if `saveAs` is not given. */
        blob?: {
          /** SHA-256 of the bytes, hexadecimal. */
          sha256: string;
          /** Bytes. */
          size?: number;
          /** Media type, if known. */
          contentType?: string;
        };
        /** Bytes. */
        size: number;
        /** How many files were packed. */
        count: number;
      };
      ports: "out";
    };
  }

  /** A link from a port of a node. */
  export interface Link {
    readonly link: string;
  }
  /** A node that has been defined. */
  export interface Handle<Output = any, Port extends string = string> extends Link {
    readonly id: string;
    /** `nodes.<id>` */
    readonly output: Ref<Output>;
    /** `errors.<id>` */
    readonly error: Ref<RunError>;
    on(port: Port | 'error' | 'timeout'): Link;
  }
  export interface RunError {
    code: string;
    message: string;
    step: string;
    node: string;
    attempts: number;
    unknown: boolean;
    details?: any;
  }
  export interface Retry {
    maxAttempts?: number;
    delay?: string;
    factor?: number;
    maxDelay?: string;
    attemptTimeout?: string;
    giveUpOn?: readonly string[];
  }
  type With<K extends keyof NodeTypes> = {} extends NodeTypes[K]['with']
    ? { with?: Given<NodeTypes[K]['with']> }
    : { with: Given<NodeTypes[K]['with']> };
  /** A node inside `compensate` or `notify`. */
  export type Inline = {
    [K in keyof NodeTypes]: { uses: K; connection?: string; retry?: Retry; timeout?: string } & With<K>;
  }[keyof NodeTypes];
  /** What every node may have. Links: nodes, their ports by `on`, or texts. */
  export interface Common {
    needs?: readonly (Link | string)[];
    join?: 'any' | 'all';
    if?: Given<boolean | null>;
    connection?: string;
    retry?: Retry;
    timeout?: string;
    onError?: 'fail' | 'continue';
    compensate?: Inline;
    notify?: Inline;
    dispatch?: 'task' | 'local';
    priority?: 1 | 2 | 3 | 4 | 5;
    label?: string;
    notes?: unknown;
    position?: unknown;
    meta?: unknown;
  }
  export type NodeSpec<K extends keyof NodeTypes> = { uses: K } & Common & With<K>;

  /** The inside of a graph or of a container: adds nodes, and names what is in scope. What it returns is the output. */
  export interface Body<Input = any, Vars = any> {
    readonly input: Ref<Input>;
    readonly vars: Ref<Vars>;
    readonly trigger: Ref<any>;
    readonly run: Ref<{ id: string; startedAt: string; workflow: string; version: number | null; url: string }>;
    readonly now: Ref<string>;
    node<K extends keyof NodeTypes>(
      id: string,
      node: NodeSpec<K>,
    ): Handle<NodeTypes[K]['output'], NodeTypes[K]['ports']>;
    forEach<Item = any>(
      id: string,
      node: Common & {
        with: {
          items: Expr<Item[]> | readonly Given<Item>[];
          concurrency?: Given<number>;
          batch?: Given<number>;
          onItemError?: 'fail' | 'continue';
        };
      },
      body: (body: Body<Input, Vars> & { readonly item: Ref<Item>; readonly index: Ref<number> }) => unknown,
    ): Handle<{ results: any[]; errors: { index: number; error: RunError }[]; count: number }, 'out'>;
    while<State = any>(
      id: string,
      node: Common & { with: { state?: Given<State>; test: Given<boolean | null>; max?: Given<number> | 'unlimited' } },
      body: (body: Body<Input, Vars> & { readonly state: Ref<State>; readonly index: Ref<number> }) => unknown,
    ): Handle<State, 'out'>;
    race(id: string, node: Common, body: (body: Body<Input, Vars>) => void): Handle<{ winner: string; output: any }>;
    try(
      id: string,
      node: Common,
      body: (body: Body<Input, Vars>) => unknown,
      lanes: {
        catch?: {
          if?: Given<boolean | null>;
          body: (body: Body<Input, Vars> & { readonly error: Ref<RunError> }) => unknown;
        };
        finally?: (body: Body<Input, Vars> & { readonly error: Ref<RunError | null> }) => void;
      },
    ): Handle<any, 'out'>;
  }

  export interface Trigger {
    uses: string;
    with?: { readonly [name: string]: unknown };
    connection?: string;
    if?: Given<boolean | null>;
    input?: unknown;
    keepDeclined?: boolean;
    label?: string;
  }
  /** A graph except for its nodes and its output. */
  export interface Head<Vars> {
    name: string;
    label?: string;
    description?: string;
    /** JSON Schema of the input. */
    input?: object;
    vars?: Vars;
    triggers?: { readonly [id: string]: Trigger };
    timeout?: string;
    onFailure?: string;
    concurrency?: { key?: unknown; limit: number; onLimit?: 'queue' | 'drop' | 'cancelOldest' };
    rateLimit?: { key?: unknown; limit: number; per: string; onLimit?: 'queue' | 'drop' };
    debounce?: { key?: unknown; quiet: string; atMost?: string };
    batch?: { key?: unknown; size: number; within: string };
    priority?: Given<number>;
    execution?: 'auto' | 'durable';
    notes?: { readonly [id: string]: unknown };
    meta?: unknown;
  }
  /** A graph as a document. */
  export interface Graph {
    readonly blok: 1;
  }
  /** Defines a graph. `Input` is the type of its input: its JSON Schema is `input`. */
  export function defineGraph<Input = any, Vars extends object = {}>(
    head: Head<Vars>,
    build: (body: Body<Input, Vars>) => unknown,
  ): Graph;
}
