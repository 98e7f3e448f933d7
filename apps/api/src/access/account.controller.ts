import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  accountView,
  changeAccountBody,
  createAccountBody,
  type AccountView,
  type ChangeAccountBody,
  type CreateAccountBody,
} from '#libs/wire';
import { Answers } from '../http/open-api.ts';
import { AccountService } from './account.service.ts';
import { Requires } from './requires.ts';
import { SignedIn, type SignedInUser } from './signed-in.ts';

/** Who may sign in. There is no DELETE: an account that the audit names is disabled instead. */
@ApiTags('access')
@Controller('api/accounts')
@Requires('account:manage')
export class AccountController {
  constructor(private readonly accounts: AccountService) {}

  @Get()
  @Answers(z.array(accountView))
  list(): Promise<AccountView[]> {
    return this.accounts.list();
  }

  @Post()
  @Answers(accountView, 201)
  create(
    @Body({ schema: createAccountBody }) body: CreateAccountBody,
    @SignedIn() user: SignedInUser,
  ): Promise<AccountView> {
    return this.accounts.create(body, user);
  }

  @Patch(':id')
  @Answers(accountView)
  change(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: changeAccountBody }) body: ChangeAccountBody,
    @SignedIn() user: SignedInUser,
  ): Promise<AccountView> {
    return this.accounts.change(id, body, user);
  }
}
